/** What is to be written, and what is left for a person to do. Nothing is written here. */
import { URL_VARIABLES } from "../config/variables.ts";
import { CI_SYSTEMS, type CiSystem } from "./ci.ts";
import { configText } from "./config-text.ts";
import { type Detection, suiteFor } from "./detect.ts";
import type { Folder } from "./folder.ts";
import { githubText } from "./github-text.ts";
import { GITLAB_HEAD, gitlabText } from "./gitlab-text.ts";
import type { WorkflowInput } from "./workflow.ts";

export const CONFIG_FILE = "greenlight.yaml";

export interface PlannedFile {
  readonly path: string;
  readonly text: string;
}

export interface Plan {
  readonly ci: CiSystem;
  readonly suite: string;
  /** What the configuration reads. */
  readonly variables: readonly string[];
  /** The configuration first. */
  readonly files: readonly PlannedFile[];
  /** For GitLab, when the job stands in a file of its own. */
  readonly include?: string;
}

interface PlanOptions {
  readonly ci?: CiSystem | undefined;
  /** Whether a configuration that is there is replaced. */
  readonly force: boolean;
}

export function planFiles(detection: Detection, folder: Folder, { ci, force }: PlanOptions): Plan {
  const system = ci ?? detection.ci[0]?.system ?? CI_SYSTEMS[0];
  const existing = force ? undefined : folder.get(CONFIG_FILE);
  const config = configText(detection.dependencies);
  const suite = existing === undefined ? suiteFor(detection) : suiteIn(existing);
  const variables = variablesOf(existing ?? config);
  const input: WorkflowInput = {
    suite,
    variables,
    runner: detection.runners[0],
    install: detection.install,
    compose: detection.compose,
  };
  const workflow = system === "github" ? githubFile(input) : gitlabFile(input, folder);
  const include = workflow.path === GITLAB_PART ? { include: GITLAB_PART } : {};
  return { ci: system, suite, variables, files: [{ path: CONFIG_FILE, text: config }, workflow], ...include };
}

/** Of a configuration that stays: the suite of the databases exists when it has one. */
function suiteIn(config: string): "database" | "all" {
  return /\b(?:postgres|clickhouse|redis|database)\s*:(?!\/)/.test(config) ? "database" : "all";
}

const GITLAB_WHOLE = ".gitlab-ci.yml";
const GITLAB_PART = ".gitlab/greenlight.yml";

const githubFile = (input: WorkflowInput): PlannedFile => ({
  path: ".github/workflows/greenlight.yml",
  text: githubText(input),
});

/** A `.gitlab-ci.yml` that is there is the user's; the job then stands in a file that it includes. */
function gitlabFile(input: WorkflowInput, folder: Folder): PlannedFile {
  const existing = folder.get(GITLAB_WHOLE);
  const path = existing === undefined || existing.startsWith(GITLAB_HEAD) ? GITLAB_WHOLE : GITLAB_PART;
  return { path, text: gitlabText(input) };
}

/** Those that a configuration reads and has no default for; comments do not count. */
function variablesOf(config: string): string[] {
  const lines = config.split("\n").map((line) => line.replace(/(?:^|\s)#.*$/, ""));
  const names = [...lines.join("\n").matchAll(/\$\{([A-Za-z_]\w*)\}/g)].flatMap(([, name]) => name ?? []);
  const customary: readonly string[] = Object.values(URL_VARIABLES);
  return [...new Set(names)].toSorted((a, b) => rank(customary, a) - rank(customary, b));
}

const rank = (order: readonly string[], name: string): number => {
  const at = order.indexOf(name);
  return at === -1 ? order.length : at;
};
