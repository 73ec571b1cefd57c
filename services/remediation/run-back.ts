import type { Outcome } from "./action.ts";
import type { Prepared } from "./engine-prepare.ts";
import { call, locate } from "./run-calls.ts";
import { pause } from "./run-pause.ts";
import { stepState } from "./run-state.ts";
import type { Run } from "./run.ts";

/** A rollback that fails is tried again: the reason may pass, and what is half taken back is worst. */
const TRIES = 3;

export type TakenBack =
  | {
      readonly kind: "taken-back";
      readonly count: number;
      /** Steps whose change others have changed since: theirs is kept. */
      readonly kept: readonly string[];
    }
  /** Here it stopped; what is older stays as it is. */
  | { readonly kind: "left"; readonly step: string; readonly because: string };

/** Takes back what this run began, newest first. @throws {Stop} */
export async function takeBack(run: Run, steps: readonly Prepared[], because: string): Promise<TakenBack> {
  let count = 0;
  const kept: string[] = [];
  for (const id of run.state().begun.toReversed()) {
    const prepared = steps.find(({ step }) => step.id === id);
    if (prepared === undefined || stepState(run.state(), id).result?.kind === "rolled-back") continue;
    const became = await takeBackOne(run, prepared, because);
    if (became.kind === "left") return { kind: "left", step: id, because: became.because };
    if (became.kind === "kept") kept.push(id);
    else count += 1;
  }
  return { kind: "taken-back", count, kept };
}

type Became =
  | { readonly kind: "gone" }
  /** Others have changed it since. */
  | { readonly kind: "kept" }
  | { readonly kind: "left"; readonly because: string };

async function takeBackOne(run: Run, prepared: Prepared, because: string): Promise<Became> {
  const { id, rollback } = prepared.step;
  const { result } = stepState(run.state(), id);
  if (rollback.kind !== "automatic") {
    if ((await position(run, prepared)) !== "before") {
      const left =
        rollback.kind === "manual"
          ? `a person has to take it back: ${rollback.instructions}`
          : `it cannot be taken back: ${rollback.because}`;
      // A change that is in place and verified stays what it is.
      if (result?.kind !== "done") await fail(run, id, `${because}; ${left}`);
      return { kind: "left", because: left };
    }
  } else {
    await run.announce({ type: "step-rolling-back", step: id, because });
    const outcome = await tryBack(run, prepared);
    if (outcome.kind !== "done") {
      await fail(run, id, `${because}; taking it back did not work: ${outcome.because}`);
      return { kind: "left", because: outcome.because };
    }
    if (outcome.kept) {
      const said = `${because}; others have changed it since, and theirs is kept: ${outcome.evidence}`;
      await run.record({ type: "step-ended", step: id, result: { kind: "rolled-back", because: said } });
      return { kind: "kept" };
    }
  }
  await run.record({ type: "step-ended", step: id, result: { kind: "rolled-back", because } });
  return { kind: "gone" };
}

const fail = (run: Run, step: string, because: string): Promise<void> =>
  run.record({ type: "step-ended", step, result: { kind: "failed", because } });

const position = (run: Run, prepared: Prepared) =>
  locate(run, prepared, stepState(run.state(), prepared.step.id).prior);

type Back =
  | (Outcome & { readonly kind: "done" } & { readonly kept: boolean })
  | Exclude<Outcome, { kind: "done" }>;

/** Until the world is where it was before; the word of the action alone does not count. */
async function tryBack(run: Run, prepared: Prepared): Promise<Back> {
  const { limits, signal, options } = run;
  const { step } = prepared;
  const { prior } = stepState(run.state(), step.id);
  const until = options.clock.monotonic() + Math.max(limits.settleMs, 2 * step.estimateMs);
  let failures = 0;
  for (;;) {
    const outcome = await call(run, "rollback", prepared, { prior, ms: limits.applyMs });
    const found = outcome.kind === "done" ? await confirm(run, prepared, outcome) : outcome;
    if (found.kind === "done") return found;
    if (found.kind === "failed") failures += 1;
    if (failures >= TRIES || options.clock.monotonic() + limits.pollMs >= until) return found;
    run.waiting(found.because, step.id);
    await pause(limits.pollMs, signal);
  }
}

async function confirm(
  run: Run,
  prepared: Prepared,
  outcome: Outcome & { readonly kind: "done" },
): Promise<Back> {
  const found = await position(run, prepared);
  if (found === "before" || found === "elsewhere") return { ...outcome, kept: found === "elsewhere" };
  if (found === "between") return { kind: "pending", because: "it is half taken back" };
  const because = found === undefined ? "whether it is gone could not be found out" : "it is still there";
  return { kind: "failed", because };
}
