import type { Environment } from "./environment.ts";

/** What the texts speak of. */
export interface Running {
  environment: Environment;
  /** Address of the service. */
  url: string;
}

/** The one line for programs: where everything is, with credentials. */
export function describeForPrograms({ environment, url }: Running): string {
  const dependencies = [...environment.dependencies.values()].map((each) => {
    return [each.name, { url: each.url(), pid: each.server.pid }] as const;
  });
  return JSON.stringify({
    url,
    control: environment.control,
    token: null,
    dependencies: Object.fromEntries(dependencies),
  });
}

/** The text for people: what runs where, and what to try. */
export function describeForPeople({ environment, url }: Running): string {
  const { control, dependencies } = environment;
  const places: [string, string][] = [
    ["service", url],
    ...[...dependencies.values()].map((each): [string, string] => [each.name, each.url()]),
    ["control", control],
  ];
  const post = (path: string, body?: object): string =>
    `curl -X POST ${control}${path}${body === undefined ? "" : ` -d '${JSON.stringify(body)}'`}`;
  const steps: [string, string][] = [
    ["Ask whether the databases are fit", `curl -i ${url}/health/database`],
    ["Kill Postgres, then ask again", post("/signal/postgres", { signal: "SIGKILL" })],
    ["Bring it back", post("/restart/postgres")],
    ["Let Redis fall silent", post("/faults/redis", { mode: "blackhole" })],
    ["Make it answer again", post("/faults/redis", { mode: "none" })],
    ["Slow ClickHouse down by half a second", post("/faults/clickhouse", { mode: "latency", ms: 500 })],
    ["See the state of all", `curl ${control}`],
  ];
  const width = Math.max(...places.map(([name]) => name.length));
  return [
    "The sandbox is running; all its parts are real and temporary.",
    "",
    ...places.map(([name, place]) => `  ${name.padEnd(width)}  ${place}`),
    "",
    "Try next",
    ...steps.map(([what, command], index) => `  ${index + 1}. ${what}:\n     ${command}`),
    "",
    "Ctrl-C stops everything.",
    "",
  ].join("\n");
}
