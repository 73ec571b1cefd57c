import type { CommandContext, OutputOptions } from "../commands/context.ts";
import type { Report } from "./report.ts";
import { describeTerminal, type Terminal } from "./terminal.ts";
import { renderHuman } from "./view-human.ts";
import { renderJson } from "./view-json.ts";

/** Writes a result to stdout, as JSON when asked for, otherwise by `human`. */
export function writeResult<T extends { readonly schemaVersion: number }>(
  { env, stdout }: Pick<CommandContext, "env" | "stdout">,
  { json, color }: OutputOptions,
  { result, human }: { readonly result: T; readonly human: (result: T, terminal: Terminal) => string },
): void {
  stdout.write(
    json === true ? renderJson(result) : human(result, describeTerminal({ env, output: stdout, color })),
  );
}

export function writeReport(context: CommandContext, options: OutputOptions, result: Report): void {
  writeResult(context, options, { result, human: renderHuman });
}
