import type { Finding, Severity } from "../../services/findings/finding.ts";
import { compareFindings } from "../../services/findings/create.ts";

/** What `plan lint` found; the object that `--json` prints. */
export interface PlanLintReport {
  readonly schemaVersion: 1;
  readonly command: "plan lint";
  /** No finding of severity `error`: each of the plans can be applied. */
  readonly ok: boolean;
  readonly plans: readonly LintedPlanFile[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** File after file, in the order of the text. */
  readonly findings: readonly Finding[];
  readonly nextSteps: readonly { readonly number: number; readonly owner: string; readonly text: string }[];
}

export interface LintedPlanFile {
  readonly file: string;
  /** Both only of a plan that could be applied. */
  readonly id?: string;
  readonly digest?: string;
}

export interface PlanLintReportInput {
  readonly plans: readonly LintedPlanFile[];
  readonly findings: readonly Finding[];
}

export function toPlanLintReport({ plans, findings }: PlanLintReportInput): PlanLintReport {
  const count = (wanted: Severity) => findings.filter(({ severity }) => severity === wanted).length;
  const counts = { error: count("error"), warning: count("warning"), note: count("note") };
  const steps = new Map<string, string>();
  for (const { owner, remedies } of findings.toSorted(compareFindings)) {
    const [text] = remedies;
    if (text !== undefined && !steps.has(text)) steps.set(text, owner);
  }
  const nextSteps = [...steps].map(([text, owner], index) => ({ number: index + 1, owner, text }));
  return {
    schemaVersion: 1,
    command: "plan lint",
    ok: counts.error === 0,
    plans,
    counts,
    findings,
    nextSteps,
  };
}
