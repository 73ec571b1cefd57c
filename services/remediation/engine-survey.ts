import type { Assessment } from "./action.ts";
import { sameJson } from "./canonical.ts";
import type { Prepared } from "./engine-prepare.ts";
import type { RefusalCode } from "./engine.ts";
import { type Caller, assess } from "./run-calls.ts";
import { predecessorsOf } from "./run-order.ts";

export interface Surveyed {
  readonly prepared: Prepared;
  readonly assessment: Assessment;
  /** It will be done, or can only be told once earlier steps are. */
  readonly toDo: boolean;
  readonly objection?: { readonly code: RefusalCode; readonly because: string };
}

/** Looks at every step before any is touched, and compares the world with what the plan says of it. @throws {Stop} */
export async function survey(caller: Caller, steps: readonly Prepared[]): Promise<readonly Surveyed[]> {
  const surveyed: Surveyed[] = [];
  for (const prepared of steps) {
    const assessment = await assess(caller, prepared);
    const before = predecessorsOf(
      prepared.step,
      steps.map(({ step }) => step),
    );
    const dependsOnRun = surveyed.some(({ prepared: { step }, toDo }) => toDo && before.has(step.id));
    surveyed.push({ prepared, assessment, ...judge(prepared, assessment, dependsOnRun) });
  }
  return surveyed;
}

type Judged = Pick<Surveyed, "toDo" | "objection">;

function judge({ step }: Prepared, found: Assessment, dependsOnRun: boolean): Judged {
  const planned = step.change;
  if (found.kind === "needed") {
    if (planned === undefined || sameJson(planned, found.change)) return { toDo: true };
    const because = `${planned.target} is not what it was when the plan was made`;
    return { toDo: true, objection: { code: "WORLD_MOVED", because } };
  }
  if (found.kind === "satisfied") {
    if (planned === undefined) return { toDo: false };
    const because = `${planned.target} is as the plan wants it already: ${found.evidence}`;
    return { toDo: false, objection: { code: "WORLD_MOVED", because } };
  }
  // What an earlier step brings about cannot be told before; the step asks again when its turn comes.
  if (planned === undefined && dependsOnRun) return { toDo: true };
  const code = found.kind === "refused" ? "STEP_REFUSED" : "WORLD_UNKNOWN";
  return { toDo: true, objection: { code, because: found.because } };
}
