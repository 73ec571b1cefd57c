import process from "node:process";
import { createInterface } from "node:readline/promises";
import { journalFolder } from "../lint/journal/folder.ts";
import type { LintResult } from "../lint/lint.ts";
import { type PreparedFix, prepareFix } from "../lint/prepare-fix.ts";
import { writeFix } from "../lint/write-fix.ts";
import type { FixReport } from "../views/lint-report.ts";
import { renderDiff } from "../views/lint-diff.ts";
import { plural } from "../views/run-words.ts";
import { describeTerminal } from "../views/terminal.ts";
import { CliError, usageError } from "./cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface FixOptions {
  readonly fix?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** @throws {CliError} before anything is looked at, when it could not be decided afterwards (64). */
export function checkFixOptions({ fix, yes, dryRun }: FixOptions): void {
  if (fix !== true && (yes === true || dryRun === true))
    throw usageError(`--${yes === true ? "yes" : "dry-run"} goes with --fix.`);
  if (yes === true && dryRun === true) throw usageError("--yes writes and --dry-run does not: give one.");
  if (fix === true && yes !== true && dryRun !== true && !canAsk())
    throw usageError(
      "--fix asks before it writes, and there is nobody to ask.",
      "Give --yes to write, or --dry-run to see what would be written.",
    );
}

const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Shows what can be put right, asks where that is needed, and writes it. */
export async function fix(
  context: CommandContext,
  options: FixOptions & OutputOptions & { readonly sarif?: boolean },
  { root, findings, digests }: LintResult,
): Promise<FixReport> {
  const prepared = await prepareFix({ root, findings, digests });
  const { files, deferred } = prepared;
  const diff = files.map((file) => file.diff).join("");
  const base = {
    files: files.map(({ file }) => file),
    fixed: prepared.fixed.length,
    deferred: deferred.length,
    diff,
  };
  const told = { ...base, refused: prepared.refused };
  if (files.length === 0) return { ...told, outcome: "nothing", fixed: 0 };
  showDiff(context, options, diff);
  if (options.dryRun === true) return { ...told, outcome: "shown" };
  if (options.yes !== true && !(await ask(context, prepared))) return { ...told, outcome: "declined" };
  return { ...told, ...(await write(context, { root, prepared })) };
}

async function write(
  { env, signal }: CommandContext,
  { root, prepared }: { readonly root: string; readonly prepared: PreparedFix },
): Promise<Pick<FixReport, "outcome" | "run" | "files" | "refused">> {
  const journals = journalFolder(env);
  try {
    const { files } = prepared;
    const { run, written, refused } = await writeFix({ root, journals, now: new Date(), files, signal });
    const all = [...prepared.refused, ...refused];
    return { outcome: written.length === 0 ? "nothing" : "written", run, files: written, refused: all };
  } catch (error) {
    signal.throwIfAborted();
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new CliError(EXIT.cannotCreate, `the journal cannot be written to ${journals}: ${code}.`, {
      cause: error,
      hint: "No file was changed. Set XDG_STATE_HOME to a folder that can be written to.",
    });
  }
}

/** On stderr where stdout has the result for a program. */
function showDiff(
  { env, stdout, stderr }: CommandContext,
  { json, sarif, color }: OutputOptions & { readonly sarif?: boolean },
  diff: string,
): void {
  const output = json === true || sarif === true ? stderr : stdout;
  output.write(`${renderDiff(diff, describeTerminal({ env, output, color }))}\n`);
}

async function ask({ signal }: CommandContext, { files, fixed }: PreparedFix): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const what = `${plural(fixed.length, "finding")} in ${plural(files.length, "file")}`;
    const answer = await lines.question(`Put right ${what}? [y/N] `, { signal });
    return /^y(?:es)?$/i.test(answer.trim());
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    lines.close();
  }
}
