import type { JournalEvent } from "./journal.ts";
import type { RunStatus, StepReport } from "./engine.ts";
import type { Surveyed } from "./engine-survey.ts";
import { type RunState, stepState } from "./run-state.ts";
import type { Step } from "./plan.ts";

/** What the journal says of each step, in the plan's order. What has no end in it is unknown. */
export const reportsOf = (state: RunState): readonly StepReport[] =>
  state.plan.steps.map((step) => reportOf(state, step));

function reportOf(state: RunState, { id, title }: Step): StepReport {
  const { begun, result } = stepState(state, id);
  if (result !== undefined) return { id, title, begun, result };
  if (begun || state.outcome === undefined || state.dryRun) return { id, title, begun };
  const because = state.outcome === "pending" ? "it waits for an earlier step" : "the run ended before it";
  return { id, title, begun, result: { kind: "not-run", because } };
}

export const reportsOfSurvey = (surveyed: readonly Surveyed[]): readonly StepReport[] =>
  surveyed.map(({ prepared: { step }, assessment }) => ({
    id: step.id,
    title: step.title,
    assessment,
    begun: false,
  }));

export function statusOf(state: RunState, events: readonly JournalEvent[]): RunStatus {
  const { runId, plan, environment, startedAt, by, outcome, summary, dryRun } = state;
  const run = {
    runId,
    planId: plan.id,
    environment,
    startedAt,
    by,
    dryRun,
    ...(outcome !== undefined && { outcome }),
  };
  const steps = reportsOf(state);
  return { kind: "known", run, plan, dryRun, ...(summary !== undefined && { summary }), steps, events };
}
