import { resolve } from "node:path";
import type { CommandContext } from "../../commands/context.ts";
import type { RunRecord } from "../run-record.ts";
import { clean } from "../text.ts";
import { redactRecord, redactVariables } from "./redact-record.ts";
import { type RenderInput, renderReport } from "./render.ts";
import { type ReportFault, reasonOf } from "./report-fault.ts";
import type { ReportRequest } from "./request.ts";
import { writeFileAtomic } from "./write-file.ts";

export interface WriteReportsOptions {
  /** False with `--no-ci`: a CI system is told nothing that was not asked for. Default true. */
  readonly ci?: boolean | undefined;
}

/**
 * Writes every report that was asked for, and tells a CI system that is known by its variables. Never throws: one that
 * cannot be written is told on stderr with its path and the reason, and returned; the others are written all the same.
 */
export async function writeReports(
  context: CommandContext,
  record: RunRecord,
  requests: readonly ReportRequest[],
  { ci = true }: WriteReportsOptions = {},
): Promise<readonly ReportFault[]> {
  const { env, stderr } = context;
  const redact = redactVariables(env);
  const clear = redactRecord(record, redact);
  const faults: ReportFault[] = [];
  for (const request of requests) {
    try {
      await writeReport(context, request, { record: clear, redact });
    } catch (error) {
      faults.push({ what: request.format, path: request.path, reason: reasonOf(error) });
    }
  }
  if (ci && env.GITHUB_ACTIONS === "true") {
    const { tellGithub } = await import("./github.ts");
    faults.push(...(await tellGithub(context, clear)));
  }
  for (const { what, path, reason } of faults)
    stderr.write(`greenlight: the report ${what}=${clean(path)} was not written: ${clean(reason)}.\n`);
  return faults;
}

async function writeReport(
  { cwd, stdout }: CommandContext,
  { format, path }: ReportRequest,
  input: RenderInput,
): Promise<void> {
  const parts = await renderReport(format, input);
  if (path !== "-") return writeFileAtomic(resolve(cwd, path), parts);
  for await (const part of parts) stdout.write(part);
}
