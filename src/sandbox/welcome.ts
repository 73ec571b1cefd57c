import type { Environment } from "./environment.ts";

/** What the texts speak of. */
export interface Running {
  environment: Environment;
  /** Address of the service. */
  url: string;
  /** The operator's token; without one, anybody may ask. */
  token: string | undefined;
  /** Whether no mock may serve. */
  strict: boolean;
}

/** The one line for programs: where everything is, with credentials. */
export function describeForPrograms({ environment, url, token }: Running): string {
  const dependencies = [...environment.dependencies.values()].map((each) => {
    return [each.name, { url: each.url(), pid: each.server.pid }] as const;
  });
  return JSON.stringify({
    url,
    control: environment.control,
    token: token ?? null,
    dependencies: Object.fromEntries(dependencies),
  });
}

/** The text for people: what runs where, and what to try. */
export function describeForPeople(running: Running): string {
  const { environment, url, token } = running;
  const places: [string, string][] = [
    ["service", url],
    ...(token === undefined ? [] : [["token", token] satisfies [string, string]]),
    ...[...environment.dependencies.values()].map((each): [string, string] => [each.name, each.url()]),
    ["control", environment.control],
  ];
  const width = Math.max(...places.map(([name]) => name.length));
  return [
    "The sandbox is running; all its parts are real (one is a real mock) and temporary.",
    "",
    ...places.map(([name, place]) => `  ${name.padEnd(width)}  ${place}`),
    "",
    "Try next",
    ...stepsFor(running).map(([what, command], index) => `  ${index + 1}. ${what}:\n     ${command}`),
    "",
    "More faults: docs/guides/sandbox.md. Ctrl-C stops everything.",
    "",
  ].join("\n");
}

function stepsFor({ environment, url, token, strict }: Running): [string, string][] {
  const ask = (path: string): string =>
    `curl -s ${token === undefined ? "" : `-H 'Authorization: Bearer ${token}' `}${url}${path}`;
  const post = (path: string, body?: object): string =>
    `curl -X POST ${environment.control}${path}${body === undefined ? "" : ` -d '${JSON.stringify(body)}'`}`;
  const outcome = strict ? "nothing serves, since strict lets no mock" : "the mock serves, as a warning";
  const verdict: [string, string] = ["Ask without the token, for the verdict alone", `curl -i ${url}/health`];
  return [
    ...(token === undefined ? [] : [verdict]),
    ["Ask whether the databases are fit", ask("/health/database")],
    ["Ask which auth service serves", ask("/health/auth")],
    [
      `Let the auth service name another issuer, then ask again: ${outcome}`,
      post("/faults/auth", { mode: "wrong-issuer" }),
    ],
    ["Ask why", ask("/why/auth")],
    ["Let it say ok to everything instead", post("/faults/auth", { mode: "answers-everything" })],
    ["Make it right again", post("/faults/auth", { mode: "none" })],
    ["Kill Postgres, then ask again", post("/signal/postgres", { signal: "SIGKILL" })],
    ["Bring it back", post("/restart/postgres")],
  ];
}
