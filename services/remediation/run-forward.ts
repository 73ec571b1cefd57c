import type { Prepared } from "./engine-prepare.ts";
import { type TakenBack, takeBack } from "./run-back.ts";
import { stepForward } from "./run-step.ts";
import { stepState } from "./run-state.ts";
import type { Run } from "./run.ts";

/** Runs all steps that are not done, and takes everything back when one fails. Writes the run's end. @throws {Stop} */
export async function runForward(run: Run, steps: readonly Prepared[]): Promise<void> {
  for (const prepared of steps) {
    const { id } = prepared.step;
    if (stepState(run.state(), id).result?.kind === "done") continue;
    const outcome = await stepForward(run, prepared);
    if (outcome.kind === "pending") {
      const summary = `step ${id} is made and not in force yet: ${outcome.because}`;
      return run.record({ type: "run-ended", outcome: "pending", summary });
    }
    if (outcome.kind === "failed") {
      const because = `step ${id} failed: ${outcome.because}`;
      if (!stepState(run.state(), id).begun)
        await run.record({ type: "step-ended", step: id, result: outcome });
      return runBack(run, steps, because);
    }
  }
  const summary = `${steps.length} of ${steps.length} steps are done and verified`;
  return run.record({ type: "run-ended", outcome: "succeeded", summary });
}

/** Takes everything back. Writes the run's end. @throws {Stop} */
export async function runBack(run: Run, steps: readonly Prepared[], because: string): Promise<void> {
  const taken = await takeBack(run, steps, because);
  if (taken.kind === "left") {
    const summary = `${because}; step ${taken.step} is not taken back, and neither is what was done before it: ${taken.because}`;
    return run.record({ type: "run-ended", outcome: "failed", summary });
  }
  const what = run.state().begun.length === 0 ? "nothing had been changed" : describe(taken);
  return run.record({ type: "run-ended", outcome: "rolled-back", summary: `${because}; ${what}` });
}

function describe({ count, kept }: TakenBack & { readonly kind: "taken-back" }): string {
  const changes = count === 1 ? "one change was taken back" : `${count} changes were taken back`;
  if (kept.length === 0) return changes;
  const left = `what others have changed since was kept: ${kept.join(", ")}`;
  return count === 0 ? `nothing was taken back: ${left}` : `${changes}; ${left}`;
}
