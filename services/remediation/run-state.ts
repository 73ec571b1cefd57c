import type { Change, Json } from "./action.ts";
import type { JournalEvent, RunOutcome, StepResult } from "./journal.ts";
import type { Plan } from "./plan.ts";

export interface StepState {
  /** Of the newest assessment. */
  readonly prior: Json;
  readonly change: Change | null;
  /** The world may have been touched. */
  readonly begun: boolean;
  /** `apply` came back. */
  readonly applied: boolean;
  readonly rollingBack: boolean;
  readonly result?: StepResult;
}

/** What a journal says of a run. */
export interface RunState {
  readonly runId: string;
  readonly plan: Plan;
  readonly environment: string;
  readonly by: string;
  readonly startedAt: number;
  readonly dryRun: boolean;
  /** On its way back, or to be taken back: it never goes forward again. */
  readonly back: boolean;
  readonly steps: ReadonlyMap<string, StepState>;
  /** In the order in which they were begun. */
  readonly begun: readonly string[];
  readonly outcome?: RunOutcome;
  readonly summary?: string;
}

const UNTOUCHED: StepState = { prior: null, change: null, begun: false, applied: false, rollingBack: false };

/** Undefined when the journal does not begin with the start of a run. */
export function foldJournal(events: readonly JournalEvent[]): RunState | undefined {
  const [first, ...rest] = events;
  if (first?.type !== "run-started") return undefined;
  const { runId, plan, environment, by, at, mode } = first;
  const start: RunState = {
    runId,
    // Written by the engine, which had checked it.
    plan: plan as unknown as Plan,
    environment,
    by,
    startedAt: at,
    dryRun: mode === "dry-run",
    back: false,
    steps: new Map(),
    begun: [],
  };
  return rest.reduce(nextState, start);
}

export const stepState = (state: RunState, step: string): StepState => state.steps.get(step) ?? UNTOUCHED;

/** The run after one more event. */
export function nextState(state: RunState, event: JournalEvent): RunState {
  const put = (step: string, changed: Partial<StepState>): RunState => ({
    ...state,
    steps: new Map(state.steps).set(step, { ...stepState(state, step), ...changed }),
  });
  switch (event.type) {
    case "step-assessed":
      return put(event.step, { prior: event.prior, change: event.change });
    case "step-applying": {
      const begun = state.begun.includes(event.step) ? state.begun : [...state.begun, event.step];
      return { ...put(event.step, { begun: true }), begun };
    }
    case "step-applied":
      return put(event.step, { applied: true });
    case "step-rolling-back":
      return { ...put(event.step, { rollingBack: true }), back: true };
    case "step-ended":
      return put(event.step, { result: event.result });
    case "run-ended":
      return { ...state, outcome: event.outcome, summary: event.summary };
    case "run-resumed": {
      const { outcome: _outcome, summary: _summary, ...running } = state;
      return { ...running, back: state.back || event.to === "roll-back" };
    }
    default:
      return state;
  }
}
