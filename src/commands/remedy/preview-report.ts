import type { RollbackPreview } from "../../../services/remediation/rollback-preview.ts";
import { EXIT } from "../../exit-codes.ts";
import type { RemedyReport, RemedyStep } from "../../views/remedy-report.ts";
import { countSteps } from "../../views/remedy-steps.ts";
import { type ReportOptions, toRemedyReport } from "./report.ts";

export interface PreviewOptions {
  /** In the order in which they would be taken back. */
  readonly found: readonly RollbackPreview[];
  /** As `whereOf` says it. */
  readonly where: string;
}

/** What a rollback would take back; nothing of it was done. */
export function previewReport(about: ReportOptions, { found, where }: PreviewOptions): RemedyReport {
  const back = found.filter(({ willUndo }) => willUndo).map(({ id }) => id);
  const summary =
    back.length === 0
      ? "dry run: there is nothing to take back"
      : `dry run: would take back, in this order: ${back.join(", ")}; nothing was changed`;
  const nextSteps = back.length === 0 ? [] : [`To take it back: greenlight rollback ${about.runId}${where}`];
  const report = toRemedyReport(about, { outcome: "succeeded", summary, exitCode: EXIT.ok, nextSteps });
  const byId = new Map(report.steps.map((step) => [step.id, step]));
  const steps = found.flatMap(({ id, willUndo, because }): RemedyStep[] => {
    const step = byId.get(id);
    if (step === undefined) return [];
    const { title, symbol, needsApproval, destructive } = step;
    const shown = { kind: willUndo ? "needed" : "satisfied", because };
    return [{ id, title, symbol, needsApproval, destructive, begun: false, found: shown }];
  });
  return { ...report, counts: countSteps(steps), steps };
}
