import { stat } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import type { Severity } from "../../services/findings/finding.ts";
import { EXIT } from "../exit-codes.ts";
import { lint, type LintOptions, type LintResult } from "../lint/lint.ts";
import { findRepository } from "../lint/project.ts";
import { type Area, AREAS } from "../lint/take-facts.ts";
import { readVersion } from "../version.ts";
import { renderFindingAnnotations } from "../views/finding-annotations.ts";
import { parseFindingReports, writeFindingReports } from "../views/finding-reports.ts";
import { renderLint } from "../views/lint-human.ts";
import { createLintProgress } from "../views/lint-progress.ts";
import { type FixReport, type LintReport, toLintReport } from "../views/lint-report.ts";
import { renderSarif } from "../views/sarif.ts";
import { clean } from "../views/text.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { checkFixOptions, fix, type FixOptions } from "./lint-fix.ts";

export interface LintCommandOptions extends OutputOptions, FixOptions {
  /** Of `markers` and `awaits`; anything else is a folder. */
  readonly area?: string | undefined;
  readonly folder?: string | undefined;
  readonly sarif?: boolean;
  readonly exclude?: readonly string[];
  readonly failOn: Severity;
  /** As given: `sarif=lint.sarif`. */
  readonly report?: readonly string[];
  /** False with `--no-ci`. */
  readonly ci?: boolean;
}

/** Lints a suite, and puts right what can be when asked to. Resolves with the exit code. */
export async function lintCommand(context: CommandContext, options: LintCommandOptions): Promise<number> {
  const { json, sarif, exclude = [], failOn } = options;
  const requests = parseFindingReports(options.report ?? []);
  if (json === true && sarif === true) throw usageError("--json and --sarif both write to stdout: give one.");
  checkFixOptions(options);
  const { areas, folder } = await whatToLint(context, options);
  const work = {
    folder,
    areas,
    exclude,
    env: context.env,
    signal: context.signal,
    calledIn: context.cwd,
    forFix: options.fix === true,
  };
  const startedAt = performance.now();
  let result = await withProgress(context, options, work);
  const fixed = options.fix === true ? await fix(context, options, result) : undefined;
  // What is left is what another look finds, not what should be left.
  if (fixed?.outcome === "written") result = await withProgress(context, options, work);
  const report = toLintReport(result, { areas, ms: performance.now() - startedAt, fix: fixed });
  const prefix = await prefixOf(result.root);
  const shared = { findings: report.findings, version: readVersion(), prefix };
  if (sarif === true) context.stdout.write(renderSarif(shared));
  else writeResult(context, options, { result: report, human: human(context, report) });
  if (options.ci !== false && context.env.GITHUB_ACTIONS === "true")
    context.stderr.write(renderFindingAnnotations(report.findings, prefix));
  const whole = await writeFindingReports(context, requests, { ...shared, result: report });
  return exitCodeOf(report, { failOn, whole, fixed });
}

const human =
  ({ cwd }: CommandContext, report: LintReport) =>
  (_: LintReport, terminal: Parameters<typeof renderLint>[2]): string =>
    renderLint(report, cwd, terminal);

async function withProgress(
  context: CommandContext,
  { color }: LintCommandOptions,
  work: LintOptions,
): Promise<LintResult> {
  const progress = createLintProgress(context, color);
  try {
    return await lint({ ...work, onProgress: progress.tell });
  } finally {
    progress.end();
  }
}

interface Ended {
  readonly failOn: Severity;
  /** All reports were written. */
  readonly whole: boolean;
  readonly fixed: FixReport | undefined;
}

function exitCodeOf({ counts }: LintReport, { failOn, whole, fixed }: Ended): number {
  const severities: readonly Severity[] = ["error", "warning", "note"];
  const counted = severities.slice(0, severities.indexOf(failOn) + 1);
  if (counted.some((severity) => counts[severity] > 0)) return EXIT.findings;
  return whole && (fixed?.refused.length ?? 0) === 0 ? EXIT.ok : EXIT.cannotCreate;
}

interface What {
  readonly areas: readonly Area[];
  /** Absolute. */
  readonly folder: string;
}

/** @throws {CliError} for a folder that is not there (64). */
async function whatToLint({ cwd }: CommandContext, { area, folder }: LintCommandOptions): Promise<What> {
  const isArea = AREAS.some((name) => name === area);
  if (!isArea && folder !== undefined)
    throw usageError(
      `${JSON.stringify(clean(area ?? ""))} is no area.`,
      `Expected ${AREAS.join(" or ")}, or a folder alone.`,
    );
  const path = (isArea ? folder : area) ?? ".";
  const full = resolve(cwd, path);
  const found = await stat(full).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw usageError(
      `${JSON.stringify(clean(path))} is no folder.`,
      `Expected greenlight lint [${AREAS.join("|")}] [FOLDER]; it ${found === undefined ? "is not there" : "is a file"}.`,
    );
  return { areas: isArea ? [area as Area] : AREAS, folder: full };
}

/** What makes names relative to the project relative to the repository. */
async function prefixOf(root: string): Promise<string> {
  const repository = await findRepository(root);
  const path = repository === undefined ? "" : relative(repository, root).split(sep).join("/");
  return path === "" ? "" : `${path}/`;
}
