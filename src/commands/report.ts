import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { EXIT } from "../exit-codes.ts";
import { readRunRecord } from "../views/read-run-record.ts";
import { reasonOf } from "../views/reports/report-fault.ts";
import { parseReportRequests } from "../views/reports/request.ts";
import { writeReports } from "../views/reports/write.ts";
import { diffRuns } from "../views/run-diff.ts";
import { renderRunDiff } from "../views/run-diff-human.ts";
import { renderRun } from "../views/run-human.ts";
import type { RunRecord } from "../views/run-record.ts";
import { clean } from "../views/text.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface ReportDiffOptions extends OutputOptions {
  /** Paths of two records. */
  readonly before: string;
  readonly after: string;
  /** 2 when they differ. */
  readonly exitCode?: boolean;
}

/** As `terraform plan -detailed-exitcode` has it. */
const DIFFERENT = 2;

/** Compares two records. Resolves with 0, or with 2 when they differ and the exit code is to say so. */
export async function reportDiff(context: CommandContext, options: ReportDiffOptions): Promise<number> {
  const [before, after] = await Promise.all(
    [options.before, options.after].map(async (path) => ({ path, record: await readRecord(context, path) })),
  );
  if (before === undefined || after === undefined) throw usageError("give two records.");
  const result = diffRuns(before, after);
  writeResult(context, options, { result, human: renderRunDiff });
  return options.exitCode === true && !result.same ? DIFFERENT : EXIT.ok;
}

export interface ReportShowOptions extends OutputOptions {
  readonly path: string;
  /** As given: `junit=out.xml`. */
  readonly report?: readonly string[];
}

/** Shows a record again, or writes it in other formats. Resolves with 0, or with 73 when a report was not written. */
export async function reportShow(context: CommandContext, options: ReportShowOptions): Promise<number> {
  const requests = parseReportRequests(options.report ?? []);
  const result = await readRecord(context, options.path);
  if (requests.length === 0 || options.json === true)
    writeResult(context, options, { result, human: renderRun });
  // What happened then is not the result of the CI job that asks now.
  const faults = await writeReports(context, result, requests, { ci: false });
  return faults.length === 0 ? EXIT.ok : EXIT.cannotCreate;
}

/** Longer than the record of any run; in bytes. */
const LONGEST = 512 * 1024 * 1024;

/** @throws {CliError} with the path, what was expected and what was found (64). */
async function readRecord({ cwd }: CommandContext, path: string): Promise<RunRecord> {
  const text = await readText(resolve(cwd, path)).catch((error: unknown) => {
    const reason =
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : reasonOf(error);
    throw usageError(`${clean(path)}: cannot be read: ${reason}.`);
  });
  const result = readRunRecord(text);
  if (result.ok) return result.record;
  const { expected, found } = result;
  throw usageError(
    `${clean(path)} is no record of a run.\n  expected: ${clean(expected)}\n  found:    ${clean(found)}`,
    "Records are written by greenlight run --report json=PATH.",
  );
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > LONGEST) throw new Error(`it has ${size} bytes, at most ${LONGEST} are read`);
  return readFile(path, "utf8");
}
