import type { Action } from "../../services/remediation/action.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import { type Schedule, scheduleOf } from "../../services/remediation/plan-schedule.ts";
import type { Plan, Step } from "../../services/remediation/plan.ts";
import type { RemedyCounts, RemedyStep } from "./remedy-report.ts";
import { countSteps, remedySteps } from "./remedy-steps.ts";

/** A step as it is planned, and how it is shown. */
export type PlannedStep = Step & Pick<RemedyStep, "symbol" | "needsApproval" | "destructive">;

/** What `plan` and `plan show` answer with; the object that `--json` prints. Durations in ms. */
export interface PlanReport {
  readonly schemaVersion: 1;
  readonly command: "plan" | "plan show";
  readonly exitCode: number;
  /** One sentence: the verdict. */
  readonly summary: string;
  /** This and what follows to `because`: absent when there is nothing to plan. */
  readonly id?: string;
  readonly digest?: string;
  readonly title?: string;
  readonly environment?: string;
  readonly suite?: string;
  readonly deadlineMs?: number;
  readonly because: readonly string[];
  readonly counts: RemedyCounts;
  readonly steps: readonly PlannedStep[];
  /** Absent where there is no order. */
  readonly schedule?: Schedule;
  /** What was left out, and why; what could not be told. */
  readonly notes: readonly string[];
  readonly nextSteps: readonly string[];
}

export interface PlanReportInput {
  readonly command: PlanReport["command"];
  readonly exitCode: number;
  readonly summary: string;
  readonly plan?: Plan | undefined;
  readonly actions: readonly Action[];
  readonly notes?: readonly string[];
  readonly nextSteps: readonly string[];
}

export function toPlanReport(input: PlanReportInput): PlanReport {
  const { command, exitCode, summary, plan, actions, notes = [], nextSteps } = input;
  const shown = plan === undefined ? [] : remedySteps({ plan, actions });
  const counts = countSteps(shown);
  const common = { schemaVersion: 1, command, exitCode, summary, counts, notes, nextSteps } as const;
  if (plan === undefined) return { ...common, because: [], steps: [] };
  const { schemaVersion: _, steps, ...head } = plan;
  const schedule = scheduleOf(steps);
  return {
    ...common,
    ...head,
    digest: planDigest(plan),
    steps: steps.map((step, index) => look(step, shown[index])),
    ...(schedule && { schedule }),
  };
}

const look = (step: Step, shown: RemedyStep | undefined): PlannedStep => ({
  ...step,
  symbol: shown?.symbol ?? "~",
  needsApproval: shown?.needsApproval ?? step.approval,
  destructive: shown?.destructive ?? false,
});
