import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";

const MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT.ok, "fit: everything required passes"],
  [1, "healthcheck only: not healthy"],
  [EXIT.usage, "wrong arguments"],
  [EXIT.findings, "findings of severity error in what was looked at"],
  [EXIT.unavailable, "unfit, and waiting will not help until somebody acts"],
  [EXIT.software, "a fault of Greenlight's own"],
  [EXIT.cannotCreate, "a report could not be written"],
  [EXIT.temporary, "unfit now and may recover by itself, or it cannot be told"],
  [EXIT.noTests, "run only: no test was executed"],
  [EXIT.noPermission, "the service wants a token, or another one"],
  [EXIT.config, "the configuration is wrong, or nothing is configured"],
  [EXIT.notExecutable, "run only: the command cannot be executed"],
  [EXIT.notFound, "run only: there is no such command"],
  [130, "ended by Ctrl-C (143: by SIGTERM)"],
];

/** Of the option `--config`. */
export const CONFIG = "configuration file; default: GREENLIGHT_CONFIG, then greenlight.yaml";

/** The table at the end of the help; with `codes`, only those. */
export function exitCodeHelp(codes?: readonly number[]): string {
  const rows = MEANINGS.filter(([code]) => codes === undefined || codes.includes(code));
  return `\nExit codes:\n${rows.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`).join("\n")}`;
}

export const exampleHelp = (examples: readonly string[]): string =>
  `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`;

/** The options of every command that shows a result. */
export const withOutput = (command: Command): Command =>
  command
    .option("--json", "one JSON object on stdout")
    .option("--no-color", "no colours; NO_COLOR does the same");
