import type { Outcome } from "./action.ts";
import { sameJson } from "./canonical.ts";
import type { Prepared } from "./engine-prepare.ts";
import { assess, call, locateOrStop } from "./run-calls.ts";
import { pause } from "./run-pause.ts";
import { redactIn } from "./run-redact.ts";
import { type StepState, stepState } from "./run-state.ts";
import { brokenIn, isDoneByHand, verifyStep } from "./run-verify.ts";
import type { Run } from "./run.ts";

/** Takes one step forward from wherever the journal says it is. Its end is written unless it failed. @throws {Stop} */
export async function stepForward(run: Run, prepared: Prepared): Promise<Outcome> {
  const { id } = prepared.step;
  if (run.remainingMs() === 0) return failed("the plan's time is up");
  const state = stepState(run.state(), id);
  const made = state.begun ? await takeUp(run, prepared, state) : await begin(run, prepared);
  const settled = made.kind === "pending" ? await settle(run, prepared) : made;
  if (settled.kind === "failed") return settled;
  if (settled.kind === "done") {
    const results = await verifyStep(run, prepared.step);
    await run.record({ type: "step-verified", step: id, results });
    const broken = brokenIn(results);
    if (broken !== undefined) return failed(broken);
  }
  await run.record({ type: "step-ended", step: id, result: settled });
  return settled;
}

async function begin(run: Run, prepared: Prepared): Promise<Outcome> {
  const { id } = prepared.step;
  const found = await assess(run, prepared);
  if (found.kind === "satisfied") {
    await run.record({ type: "step-assessed", step: id, prior: null, change: null });
    return { kind: "done", evidence: `it was so already: ${found.evidence}` };
  }
  if (found.kind !== "needed") return failed(`it cannot be begun: ${found.because}`);
  const { prior, change } = found;
  if (movedSince(run, prepared, change)) return failed("the world has moved since the run began");
  await run.record({ type: "step-assessed", step: id, prior, change });
  await run.announce({ type: "step-applying", step: id });
  return apply(run, prepared);
}

/** Where an earlier step of this run changed the same thing, it may look different than the plan said. */
function movedSince(run: Run, { step }: Prepared, change: unknown): boolean {
  const { steps, begun } = run.state();
  if (step.change === undefined || sameJson(step.change, change)) return false;
  const { target } = step.change;
  return !begun.some((id) => steps.get(id)?.change?.target === target);
}

async function apply(run: Run, prepared: Prepared): Promise<Outcome> {
  const { id } = prepared.step;
  const { prior } = stepState(run.state(), id);
  const ms = Math.min(run.limits.applyMs, run.remainingMs());
  const outcome = await call(run, "apply", prepared, { prior, ms });
  if (outcome.kind === "failed") return outcome;
  const evidence = outcome.kind === "done" ? outcome.evidence : `begun: ${outcome.because}`;
  await run.record({ type: "step-applied", step: id, evidence });
  return outcome;
}

/** After a crash, or when it was pending: the world says how far it is. */
async function takeUp(run: Run, prepared: Prepared, state: StepState): Promise<Outcome> {
  const { id } = prepared.step;
  const position = await locateOrStop(run, prepared, state.prior);
  if (position === "elsewhere") return failed("somebody else has changed it since it was begun");
  if (position === "before") return beginAgain(run, prepared, state);
  // What is half-way without a word of its end is begun again; what had come back is waited for.
  if (position === "between" && !state.applied) {
    await run.announce({ type: "step-applying", step: id });
    return apply(run, prepared);
  }
  if (!state.applied)
    await run.record({
      type: "step-applied",
      step: id,
      evidence: "it was found made when the run was taken up",
    });
  return { kind: "pending", because: "taken up where it was" };
}

async function beginAgain(run: Run, prepared: Prepared, state: StepState): Promise<Outcome> {
  const found = await assess(run, prepared);
  if (found.kind === "unknown" || found.kind === "refused")
    return failed(`it cannot be begun: ${found.because}`);
  const change = found.kind === "needed" ? redactIn(found.change, run.options.redact) : null;
  if (!sameJson(change, state.change)) return failed("somebody else has changed it since it was begun");
  await run.announce({ type: "step-applying", step: prepared.step.id });
  return apply(run, prepared);
}

/** Looks until it is in force; what still is not when the time is up stays pending. */
async function settle(run: Run, prepared: Prepared): Promise<Outcome> {
  const { step } = prepared;
  const { limits, options, signal } = run;
  const { prior } = stepState(run.state(), step.id);
  const { clock } = options;
  const until =
    clock.monotonic() + Math.min(Math.max(limits.settleMs, 2 * step.estimateMs), run.remainingMs());
  for (;;) {
    const ms = Math.max(1, Math.min(limits.assessMs, until - clock.monotonic()));
    const outcome = await call(run, "settle", prepared, { prior, ms });
    if (outcome.kind !== "pending") return outcome;
    if (prepared.action.byHand === true && (await isDoneByHand(run, step)))
      return { kind: "done", evidence: "a person has done it: what is to hold afterwards holds" };
    if (clock.monotonic() + limits.pollMs >= until) return outcome;
    run.waiting(outcome.because, step.id);
    await pause(limits.pollMs, signal);
  }
}

const failed = (because: string): Outcome => ({ kind: "failed", because });
