import type { SingleKind } from "../config/variables.ts";
import type { Detection } from "./detect.ts";
import { CONFIG_FILE, type Plan } from "./plan.ts";
import { PLACEHOLDER } from "./workflow.ts";

/** What is left to do, in order; each with what to run. */
export function nextSteps(detection: Detection, plan: Plan): string[] {
  const { dependencies, runners, compose } = detection;
  const workflow = plan.files.at(-1)?.path ?? "";
  const runner = runners[0];
  const nothing = `Name what your tests need in ${CONFIG_FILE}: nothing was recognised in this folder.`;
  const where =
    plan.ci === "github" ? "Settings, Secrets and variables, Actions" : "Settings, CI/CD, Variables (masked)";
  const secrets = `Give ${plan.variables.join(", ")} to CI: ${where}.`;
  const source =
    plan.ci === "github"
      ? "Say where CI finds Greenlight: the variables GREENLIGHT_REPOSITORY and GREENLIGHT_REF, beside the secrets."
      : "Say where CI finds Greenlight: the variables FETCH_GREENLIGHT_FROM and FETCH_GREENLIGHT_REF.";
  const rest = [
    ...(dependencies.length === 0 ? [nothing] : []),
    ...(compose === undefined
      ? []
      : [`Start the databases: docker compose up --detach ${compose.services.join(" ")}`]),
    ...envFileSteps(detection),
    ...dependencies.filter(({ isSet, envFile }) => !isSet && !envFile).map(setStep),
    "See what Greenlight makes of it: greenlight config check, then greenlight check",
    ...(runner === undefined
      ? [`Put the command of your tests in place of ${PLACEHOLDER} in ${workflow}.`]
      : [`Run the tests: greenlight run --suite ${plan.suite} -- ${runner.command}`]),
    ...(runner?.needs === undefined ? [] : [runner.needs]),
    ...(plan.variables.length === 0 ? [] : [secrets]),
    source,
    ...(plan.include === undefined
      ? []
      : [`Include the job in .gitlab-ci.yml: include: [{ local: ${plan.include} }]`]),
    `Commit ${plan.files.map(({ path }) => path).join(" and ")}.`,
  ];
  return rest;
}

/** Greenlight reads no env file by itself: which one is meant, nobody can know. */
function envFileSteps({ dependencies }: Detection): string[] {
  const files = new Set(dependencies.filter(({ isSet }) => !isSet).flatMap(({ envFile }) => envFile ?? []));
  return [...files].map((file) => {
    const names = dependencies.filter((each) => each.envFile === file).map(({ variable }) => variable);
    const verb = /example|sample|template|dist/.test(file)
      ? `Copy ${file} to .env, fill it in, and load it`
      : `Load ${file}`;
    const name = verb.startsWith("Copy") ? ".env" : file;
    return `${verb} (${names.join(", ")}): set -a; . ./${name}; set +a`;
  });
}

const EXAMPLES: Readonly<Record<SingleKind, (port: number | undefined) => string>> = {
  postgres: (port = 5432) => `postgres://USER:PASSWORD@localhost:${port}/DATABASE`,
  clickhouse: (port = 8123) => `http://USER:PASSWORD@localhost:${port}/DATABASE`,
  redis: (port = 6379) => `redis://:PASSWORD@localhost:${port}/0`,
  auth: () => "https://auth.example.com",
  websocket: () => "wss://example.com/socket",
};

function setStep({ kind, variable, port }: Detection["dependencies"][number]): string {
  return `Set ${variable}, such as: export ${variable}='${EXAMPLES[kind](port)}'`;
}
