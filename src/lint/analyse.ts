import { analyseAwaits } from "../../services/lint/awaits/analyse.ts";
import { analyseMarkers, type MarkersInput } from "../../services/lint/markers/analyse.ts";
import { chooseConfiguration } from "../../services/lint/markers/configuration.ts";
import { listedPlugins } from "../../services/lint/markers/listed.ts";
import { shellWords } from "../../services/lint/markers/options.ts";
import type { LintFinding } from "../../services/lint/python/source-file.ts";
import type { Environment } from "../config/config.ts";
import { findInstalled } from "./installed.ts";
import { pythonPathOf } from "./python-path.ts";
import type { Area, FileFacts } from "./take-facts.ts";
import type { TextFiles } from "./texts.ts";

export interface AnalyseOptions {
  readonly root: string;
  /** The folder that was asked for, relative to the root. */
  readonly within: string;
  readonly areas: readonly Area[];
  readonly facts: readonly FileFacts[];
  readonly texts: TextFiles;
  readonly env: Environment;
  /** Whether a configuration file may be made in the root. */
  readonly mayCreate: boolean;
}

export interface Analysed {
  readonly findings: readonly LintFinding[];
  /** The file that pytest reads. */
  readonly configuration: string | undefined;
}

/** Has the facts of all files judged together. */
export async function analyse(options: AnalyseOptions): Promise<Analysed> {
  const { areas, facts, texts } = options;
  const unread = facts.flatMap(({ path, fault }) => (fault === undefined ? [] : [path]));
  const broken = new Set(unread);
  const findings: LintFinding[] = [];
  const markers = areas.includes("markers") ? await markersInput(options, broken) : undefined;
  const judged = markers === undefined ? undefined : analyseMarkers(markers);
  findings.push(...(judged?.findings ?? []));
  const configuration =
    judged === undefined
      ? chooseConfiguration({ candidates: texts.candidates }).settings?.file
      : judged.configuration;
  if (areas.includes("awaits")) {
    const files = new Map(
      facts.flatMap(({ path, awaits }) => (awaits === undefined ? [] : [[path, awaits]])),
    );
    const read = texts.candidates.find(({ path }) => path === configuration);
    findings.push(...analyseAwaits({ files, unread, roots: read === undefined ? [] : pythonPathOf(read) }));
  }
  // What a file that does not parse seems to hold is a guess, and its one fault is told already.
  const certain = findings.filter(
    ({ finding: { place } }) => place?.kind !== "file" || !broken.has(place.file),
  );
  return { findings: certain, configuration };
}

async function markersInput(
  { root, within, facts, texts, env, mayCreate }: AnalyseOptions,
  broken: ReadonlySet<string>,
): Promise<MarkersInput> {
  const files = new Map(
    facts.flatMap(({ path, markers }) => (markers === undefined ? [] : [[path, markers]])),
  );
  const { candidates, ci, requirements } = texts;
  const { pytest, distributions, registered } = await findInstalled({ root, env });
  const options = shellWords(env.PYTEST_ADDOPTS ?? "") ?? [];
  return {
    files,
    focus: within,
    mayCreate,
    candidates,
    ci,
    requirements,
    broken,
    pytest: { options, ...(pytest === undefined ? {} : { version: pytest }) },
    // An environment without pytest is not the one in which the suite runs. What the suite asks for counts too: the
    // environment found here may be behind.
    ...(pytest === undefined
      ? {}
      : { installed: [...distributions, ...listedPlugins([...requirements, ...candidates])], registered }),
  };
}
