import type { Finding, Severity } from "../../services/findings/finding.ts";
import type { LintResult } from "../lint/lint.ts";

/** What `greenlight lint` found; the object that `--json` prints. */
export interface LintReport {
  readonly schemaVersion: 1;
  readonly command: "lint";
  /** No finding of severity `error` is left. */
  readonly ok: boolean;
  /** Absolute. Files of findings are named relative to it. */
  readonly root: string;
  /** Relative to the root, `.` for all of it: findings of other folders are not told. */
  readonly folder: string;
  readonly areas: readonly string[];
  readonly files: number;
  readonly lines: number;
  readonly ms: number;
  /** The file that pytest reads its configuration from, relative to the root. */
  readonly configuration?: string;
  /** Of what is left. */
  readonly counts: Readonly<Record<Severity, number>>;
  readonly findings: readonly LintedFinding[];
  readonly fix?: FixReport;
  readonly nextSteps: readonly string[];
}

export interface LintedFinding extends Finding {
  /** `--fix` can put it right. */
  readonly fixable: boolean;
}

/** What `--fix` did, or would do. */
export interface FixReport {
  readonly outcome: "written" | "shown" | "declined" | "nothing";
  /** What `greenlight lint undo` takes; absent when nothing was written. */
  readonly run?: string;
  readonly files: readonly string[];
  /** Findings put right, or that would be. */
  readonly fixed: number;
  /** Findings to be put right by another `--fix`: their changes meet those of this one. */
  readonly deferred: number;
  readonly refused: readonly { readonly file: string; readonly reason: string }[];
  /** Unified. */
  readonly diff: string;
}

export interface ToLintReportOptions {
  readonly areas: readonly string[];
  readonly ms: number;
  readonly fix: FixReport | undefined;
}

/** The result as it is told. */
export function toLintReport(result: LintResult, { areas, ms, fix }: ToLintReportOptions): LintReport {
  const { root, folder, files, lines, configuration } = result;
  const findings = result.findings.map(({ finding, edits = [] }) =>
    Object.assign({}, finding, { fixable: edits.length > 0 }),
  );
  const count = (wanted: Severity) => findings.filter(({ severity }) => severity === wanted).length;
  const counts = { error: count("error"), warning: count("warning"), note: count("note") };
  return {
    schemaVersion: 1,
    command: "lint",
    ok: counts.error === 0,
    root,
    folder,
    areas,
    files,
    lines,
    ms: Math.round(ms),
    ...(configuration === undefined ? {} : { configuration }),
    counts,
    findings,
    ...(fix === undefined ? {} : { fix }),
    nextSteps: nextSteps(findings, fix),
  };
}

const MOST_STEPS = 6;

/** What is done for the reader first, then the best remedy of each kind, the worst kinds first. */
function nextSteps(findings: readonly LintedFinding[], fix: FixReport | undefined): readonly string[] {
  const fixable = findings.filter((finding) => finding.fixable).length;
  const steps = [
    ...(fix?.run === undefined ? [] : [`greenlight lint undo ${fix.run} restores the files as they were.`]),
    ...(fix?.outcome === "shown" ? ["greenlight lint --fix --yes writes that."] : []),
    ...(fix === undefined && fixable > 0
      ? [`greenlight lint --fix puts ${fixable} of these right; with --dry-run it shows how.`]
      : []),
  ];
  const severities: readonly Severity[] = ["error", "warning", "note"];
  const told = new Set<string>();
  for (const severity of severities) {
    for (const { code, remedies } of findings.filter((each) => each.severity === severity)) {
      const [remedy] = remedies;
      if (told.has(code) || remedy === undefined) continue;
      told.add(code);
      if (!steps.includes(remedy)) steps.push(remedy);
    }
  }
  const rest = steps.length - MOST_STEPS;
  return rest > 0
    ? [...steps.slice(0, MOST_STEPS), "greenlight explain CODE tells what to do about the others."]
    : steps;
}
