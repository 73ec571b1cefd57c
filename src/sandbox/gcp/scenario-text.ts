import { join } from "node:path";
import { writeFileSync } from "node:fs";
import type { Reach } from "./reach.ts";
import type { RunningScenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

/** The one line for programs: where everything is, with credentials. */
export function scenarioAsJson({
  name,
  gcp,
  file,
  folder,
  variables,
  postgres,
  environment,
}: RunningScenario): string {
  return JSON.stringify({
    scenario: name,
    root: scenarios[name].root,
    gcp: gcp.url,
    metadata: gcp.metadataHost,
    control: environment.control,
    config: file,
    folder,
    variables,
    dependencies: { postgres: { url: postgres.url(), pid: postgres.server.pid } },
  });
}

/** The text for people: what is wrong, what stands for what, and what to try. Writes the variables into a file to source. */
export function describeScenario(scenario: RunningScenario): string {
  const { name, gcp, file, folder, variables, postgres } = scenario;
  const { story, standsFor } = scenarios[name];
  const source = join(folder, "variables.sh");
  const lines = Object.entries(variables).map(([variable, value]) => `export ${variable}=${quote(value)}`);
  writeFileSync(source, `unset GOOGLE_APPLICATION_CREDENTIALS\n${lines.join("\n")}\n`, { mode: 0o600 });
  const places: [string, string][] = [
    ["configuration", file],
    ["variables", source],
    ["Google Cloud", `${gcp.url} (a fake; each API below a prefix of its own)`],
    ["metadata", gcp.metadataHost],
    ["postgres", postgres.url()],
  ];
  const greenlight = "npm run --silent greenlight --";
  const steps: [string, string][] = [
    ["In another shell, take the variables over", `. ${source}`],
    ["See what does not pass", `${greenlight} check`],
    ["Ask why not", `${greenlight} why database`],
    ["Ask for a plan; it says its id and digest", `${greenlight} plan database`],
    ["Apply it", `${greenlight} apply PLAN_ID --confirm DIGEST`],
    ["Take it back; the run's id is among the runs", `${greenlight} runs && ${greenlight} rollback RUN_ID`],
  ];
  const width = Math.max(...places.map(([what]) => what.length));
  return [
    `The scenario ${name} is running. ${story}`,
    standsFor,
    `Now: ${describeReach(scenario.reach())}`,
    "",
    ...places.map(([what, place]) => `  ${what.padEnd(width)}  ${place}`),
    "",
    "Try next",
    ...steps.map(([what, command], index) => `  ${index + 1}. ${what}:\n     ${command}`),
    "",
    "Everything is temporary. Ctrl-C stops it and removes it.",
    "",
  ].join("\n");
}

/** One sentence on what the service of the fake meets. */
export function describeReach(found: Reach): string {
  return found.kind === "reached"
    ? "the service reaches its database; the proxy passes everything on."
    : `the service does not reach its database, since ${found.because}; the proxy is in mode ${found.mode}.`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
