import type { Action } from "../../../services/remediation/action.ts";
import type { RunResult, StepReport } from "../../../services/remediation/engine.ts";
import type { Plan } from "../../../services/remediation/plan.ts";
import type { Redact } from "../../../services/redact.ts";
import { renderRemedy } from "../../views/remedy-human.ts";
import type { RemedyReport } from "../../views/remedy-report.ts";
import { countSteps, remedySteps } from "../../views/remedy-steps.ts";
import { writeResult } from "../../views/write.ts";
import type { CommandContext, OutputOptions } from "../context.ts";

export interface Told extends Pick<RemedyReport, "outcome" | "summary" | "exitCode" | "nextSteps"> {
  readonly code?: string | undefined;
}

export interface ReportOptions extends Pick<RemedyReport, "command" | "dryRun"> {
  readonly plan: Plan;
  readonly digest: string;
  readonly actions: readonly Action[];
  readonly runId?: string | undefined;
  /** Of a run or a dry run. */
  readonly reports?: readonly StepReport[] | undefined;
  readonly verified?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** What apply, rollback and resume answer with. */
export function toRemedyReport(
  { command, dryRun, plan, digest, actions, runId, reports = [], verified = new Map() }: ReportOptions,
  { outcome, code, summary, exitCode, nextSteps }: Told,
): RemedyReport {
  const steps = remedySteps({ plan, actions, reports, verified });
  return {
    schemaVersion: 1,
    command,
    exitCode,
    outcome,
    ...(code !== undefined && { code }),
    summary,
    dryRun,
    ...(runId !== undefined && { runId }),
    plan: { id: plan.id, digest, title: plan.title, environment: plan.environment },
    counts: countSteps(steps),
    steps,
    nextSteps,
  };
}

/** How the engine ended, in the words of a report. */
export function outcomeOf(result: RunResult): Pick<Told, "outcome" | "code" | "summary"> {
  return result.kind === "ended"
    ? { outcome: result.outcome, summary: result.summary }
    : { outcome: result.kind, code: result.code, summary: result.because };
}

/** Writes it, and resolves with its exit code. @throws the reason of the signal where it was interrupted. */
export function finishRemedy(
  context: CommandContext,
  output: OutputOptions,
  { report, redact }: { readonly report: RemedyReport; readonly redact: Redact },
): number {
  writeResult(context, output, {
    result: report,
    human: (each, terminal) => redact(renderRemedy(each, terminal)),
  });
  // Its own result has been told; the shell is told that it was interrupted.
  if (report.outcome === "stopped" || report.code === "ABORTED") context.signal.throwIfAborted();
  return report.exitCode;
}
