import { parseArgs } from "node:util";
import { SandboxError } from "./errors.ts";

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
    };

export const usage = `Usage: npm run sandbox -- [--port N] [--open] [--strict] [--json] [--verbose]

Starts Postgres, ClickHouse, Redis, an auth service with a mock of it, a WebSocket echo and the service,
on 127.0.0.1 and in temporary directories.

  --port N   port of the service (default 8080; 0: any free port)
  --open     let anybody ask the service; without it, a token is made and shown
  --strict   let no mock serve in place of the auth service
  --json     one line of JSON on stdout when all is ready; everything else on stderr
  --verbose  show the log of the service
  --help     this text
`;

/** Reads the command line. Throws `USAGE` naming what was expected and found. */
export function readArguments(args: readonly string[]): Request {
  const { port, help, ...flags } = parse(args);
  if (help) {
    return { kind: "help" };
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new SandboxError("USAGE", `Expected --port to be a number from 0 to 65535; found "${port}".`);
  }
  return { kind: "run", port: Number(port), ...flags };
}

interface Values {
  port: string;
  json: boolean;
  verbose: boolean;
  strict: boolean;
  open: boolean;
  help: boolean;
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
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (cause) {
    throw new SandboxError("USAGE", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
