import { parseArgs } from "node:util";
import { SandboxError } from "./errors.ts";
import { type ScenarioName, scenarioNames } from "./gcp/scenarios.ts";

/** What the user asked of `npm run sandbox`. */
export type Request =
  | { kind: "help" }
  | {
      kind: "run";
      /** 0: any free port. */
      port: number;
      json: boolean;
      verbose: boolean;
      /** Let no mock serve. */
      strict: boolean;
      /** Ask nobody for a token. */
      open: boolean;
    }
  | { kind: "scenario"; name: ScenarioName; json: boolean };

export const usage = `Usage: npm run sandbox -- [--port N] [--open] [--strict] [--json] [--verbose]
       npm run sandbox -- --scenario NAME [--json]

Starts Postgres, ClickHouse, Redis, an auth service with a mock of it, a WebSocket echo and the service,
on 127.0.0.1 and in temporary directories.
With --scenario: Postgres and a fake of Google Cloud in which something is wrong, to be found and put right.

  --port N   port of the service (default 8080; 0: any free port)
  --open     let anybody ask the service; without it, a token is made and shown
  --strict   let no mock serve in place of the auth service
  --json     one line of JSON on stdout when all is ready; everything else on stderr
  --verbose  show the log of the service
  --scenario NAME
             one of ${scenarioNames.join(", ")}
  --help     this text
`;

/** Reads the command line. Throws `USAGE` naming what was expected and found. */
export function readArguments(args: readonly string[]): Request {
  const { port, help, scenario, ...flags } = parse(args);
  if (help) {
    return { kind: "help" };
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new SandboxError("USAGE", `Expected --port to be a number from 0 to 65535; found "${port}".`);
  }
  if (scenario === undefined) {
    return { kind: "run", port: Number(port), ...flags };
  }
  const name = scenarioNames.find((each) => each === scenario);
  if (name === undefined) {
    const expected = `Expected --scenario to be one of ${scenarioNames.join(", ")}`;
    throw new SandboxError("USAGE", `${expected}; found "${scenario}".`);
  }
  return { kind: "scenario", name, json: flags.json };
}

interface Values {
  port: string;
  json: boolean;
  verbose: boolean;
  strict: boolean;
  open: boolean;
  help: boolean;
  scenario?: string | undefined;
}

function parse(args: readonly string[]): Values {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string", default: "8080" },
        json: { type: "boolean", default: false },
        verbose: { type: "boolean", default: false },
        strict: { type: "boolean", default: false },
        open: { type: "boolean", default: false },
        scenario: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (cause) {
    throw new SandboxError("USAGE", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
