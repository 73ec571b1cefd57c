import { type Refusal, lockedBy, refuse } from "./engine-checks.ts";
import { endOf, refusalOf } from "./engine-end.ts";
import { type Prepared, preparePlan } from "./engine-prepare.ts";
import type { EngineLimits, EngineOptions, RunResult, TakeOverOptions } from "./engine.ts";
import { runBack, runForward } from "./run-forward.ts";
import { type Lease, takeLease } from "./run-lease.ts";
import { pause } from "./run-pause.ts";
import { type RunState, foldJournal } from "./run-state.ts";
import { makeNotify, openRun } from "./run.ts";

export type Direction = "finish" | "roll-back";

export interface TakeOver {
  readonly options: EngineOptions;
  readonly limits: EngineLimits;
  readonly asked: TakeOverOptions;
  readonly to: Direction;
}

/** Goes on with a run from its journal alone. Never rejects. */
export async function takeOver(taking: TakeOver): Promise<RunResult> {
  const { options } = taking;
  let lease: Lease | undefined;
  try {
    const found = await look(taking);
    if (!found.ok) return found.refusal;
    const { environment } = found.state;
    lease = await waitForLease(taking, environment);
    if (lease === undefined) return await lockedBy(options, environment);
    return await underLease(taking, lease);
  } catch (error) {
    return refusalOf(error, options.redact);
  } finally {
    await lease?.end();
  }
}

/** Whoever was killed still has the lock until its lease is over: that is worth waiting for. */
async function waitForLease(
  { options, limits, asked }: TakeOver,
  environment: string,
): Promise<Lease | undefined> {
  const { store, clock } = options;
  const { leaseMs } = limits;
  const holder = options.newId();
  const notify = makeNotify(asked.onEvent);
  const until = clock.monotonic() + leaseMs * 1.5;
  for (;;) {
    const lease = await takeLease({ store, clock, environment, holder, leaseMs });
    if (lease !== undefined || clock.monotonic() >= until) return lease;
    const because = `the environment ${environment} is another run's until that ends or its lease runs out`;
    notify({ kind: "waiting", runId: asked.runId, because });
    await pause(Math.min(leaseMs / 10, 1000), asked.signal);
  }
}

type Found =
  | {
      readonly ok: true;
      readonly state: RunState;
      readonly steps: readonly Prepared[];
      readonly events: Events;
    }
  | { readonly ok: false; readonly refusal: Refusal };

type Events = Awaited<ReturnType<EngineOptions["store"]["read"]>>;

async function look({ options, asked: { runId }, to }: TakeOver): Promise<Found> {
  const events = await options.store.read(runId);
  const state = foldJournal(events);
  if (state === undefined)
    return { ok: false, refusal: refuse("RUN_NOT_FOUND", `there is no run ${runId} in the journal`) };
  const ended = whyEnded(state, to);
  if (ended !== undefined) return { ok: false, refusal: refuse("RUN_ENDED", ended) };
  const prepared = preparePlan(state.plan, options.actions);
  return prepared.ok
    ? { ok: true, state, steps: prepared.steps, events }
    : { ok: false, refusal: refuse("PLAN_INVALID", prepared.faults.join("; ")) };
}

function whyEnded({ dryRun, outcome, runId }: RunState, to: Direction): string | undefined {
  if (dryRun) return `run ${runId} was a dry run: nothing was changed`;
  if (outcome === "rolled-back") return `run ${runId} is rolled back already`;
  if (outcome === "succeeded" && to === "finish") return `run ${runId} has succeeded: nothing is left to do`;
  return undefined;
}

async function underLease(taking: TakeOver, lease: Lease): Promise<RunResult> {
  const { options, limits, asked, to } = taking;
  const { runId, by, signal, onEvent } = asked;
  // Anew: whoever had the lease may have finished it.
  const found = await look(taking);
  if (!found.ok) return found.refusal;
  const { state, steps, events } = found;
  // A run that failed was on its way back, and stays so.
  const back = to === "roll-back" || state.back || state.outcome === "failed";
  const { deadlineMs } = state.plan;
  const run = openRun({ options, limits, runId, lease, signal, onEvent, deadlineMs, events });
  await run.announce({ type: "run-resumed", by, fence: lease.fence, to: back ? "roll-back" : "finish" });
  const because = to === "roll-back" ? `${by} rolled the run back` : "the run was on its way back";
  return endOf(run, () => (back ? runBack(run, steps, because) : runForward(run, steps)));
}
