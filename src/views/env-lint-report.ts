import type { Finding, Severity } from "../../services/findings/finding.ts";
import type { JudgedFindings } from "../../services/waivers/judge.ts";
import type { LintedFiles } from "../env-lint/lint-files.ts";

/** What `config lint` found; the object that `--json` prints. Holds no value of a variable. */
export interface EnvLintReport {
  readonly schemaVersion: 1;
  readonly command: "config lint";
  /** No finding of severity `error` is left. */
  readonly ok: boolean;
  readonly files: LintedFiles["files"];
  /** The folders in which readers of flags were searched; empty: flags were not judged. */
  readonly sources: readonly string[];
  /** What was not looked at, and why. */
  readonly notLookedAt: readonly string[];
  /** Of what is not waived. */
  readonly counts: Readonly<Record<Severity, number>>;
  readonly findings: readonly Finding[];
  readonly waived: readonly { readonly finding: Finding; readonly owner: string; readonly expires: string }[];
  readonly nextSteps: readonly EnvLintStep[];
}

export interface EnvLintStep {
  readonly number: number;
  readonly finding: string;
  readonly owner: string;
  readonly text: string;
}

export interface ToReportInput {
  readonly linted: LintedFiles;
  readonly judged: Pick<JudgedFindings, "findings">;
  readonly sources: readonly string[];
}

/** The result as it is told: what is open, what is waived, and what to do. */
export function toEnvLintReport({ linted, judged, sources }: ToReportInput): EnvLintReport {
  const open = judged.findings.flatMap(({ finding, waiver }) => (waiver === undefined ? finding : []));
  const waived = judged.findings.flatMap(({ finding, waiver }) =>
    waiver === undefined ? [] : { finding, owner: waiver.owner, expires: waiver.expires },
  );
  const count = (wanted: Severity) => open.filter(({ severity }) => severity === wanted).length;
  const counts = { error: count("error"), warning: count("warning"), note: count("note") };
  return {
    schemaVersion: 1,
    command: "config lint",
    ok: counts.error === 0,
    files: linted.files,
    sources,
    notLookedAt: [
      ...(sources.length > 0
        ? []
        : ["flags that nothing reads: name source folders (`envFiles.sources`, --source)"]),
      ...(linted.git ? [] : ["committed secrets: git is not here, or this is no repository of yours"]),
    ],
    counts,
    findings: open,
    waived,
    nextSteps: stepsFor(open),
  };
}

/** The best remedy of each, the worst first, each text once; notes ask for nothing. */
function stepsFor(findings: readonly Finding[]): readonly EnvLintStep[] {
  const steps = new Map<string, Omit<EnvLintStep, "number">>();
  for (const { id, severity, owner, remedies } of findings) {
    const [text] = remedies;
    if (text !== undefined && severity !== "note" && !steps.has(text))
      steps.set(text, { finding: id, owner, text });
  }
  return [...steps.values()].map((step, index) => Object.assign({ number: index + 1 }, step));
}
