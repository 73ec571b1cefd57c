import type { ReportRequest } from "../views/reports/request.ts";
import { writeReports, type WriteReportsOptions } from "../views/reports/write.ts";
import { renderJson } from "../views/view-json.ts";
import { renderRun } from "../views/run-human.ts";
import type { RunRecord } from "../views/run-record.ts";
import { describeTerminal } from "../views/terminal.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

/**
 * Shows how a run ended, and writes its reports. What a person reads goes to stderr: stdout is the command's. Resolves
 * with the exit code, which nothing that fails here changes.
 */
export async function tellRun(
  context: CommandContext,
  { json, color, ci }: OutputOptions & WriteReportsOptions,
  { record, requests }: { readonly record: RunRecord; readonly requests: readonly ReportRequest[] },
): Promise<number> {
  const { env, stdout, stderr } = context;
  if (json === true) stdout.write(renderJson(record));
  else stderr.write(renderRun(record, describeTerminal({ env, output: stderr, color })));
  await writeReports(context, record, requests, { ci });
  return record.exitCode;
}
