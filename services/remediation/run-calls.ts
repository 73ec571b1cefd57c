import type { Assessment, Json, Outcome, Position } from "./action.ts";
import type { Prepared } from "./engine-prepare.ts";
import type { EngineLimits, EngineOptions } from "./engine.ts";
import { bounded } from "./run-bounded.ts";
import { Stop } from "./run-stop.ts";

/** What is needed to ask an action; a run is one. */
export interface Caller {
  readonly options: EngineOptions;
  readonly limits: EngineLimits;
  readonly signal: AbortSignal;
}

/** What cannot be found out in time is unknown. @throws {Stop} */
export async function assess(caller: Caller, { action, params, step }: Prepared): Promise<Assessment> {
  const { options, limits, signal } = caller;
  const answer = await bounded(
    { ms: limits.assessMs, graceMs: limits.graceMs, waitedFor: `the assessment of ${step.id}`, signal },
    (inner) => action.assess(params, options.capabilities, inner),
  );
  return answer.kind === "answered" ? answer.value : { kind: "unknown", because: answer.because };
}

export type Change = "apply" | "settle" | "rollback";

/** Never rejects but to end the run. @throws {Stop} */
export async function call(
  caller: Caller,
  what: Change,
  { action, params, step }: Prepared,
  { prior, ms }: { readonly prior: Json; readonly ms: number },
): Promise<Outcome> {
  const { options, limits, signal } = caller;
  const answer = await bounded(
    { ms, graceMs: limits.graceMs, waitedFor: `${what} of ${step.id}`, signal },
    (inner) => action[what](params, prior, options.capabilities, inner),
  );
  return answer.kind === "answered" ? answer.value : answer;
}

/** Undefined when it cannot be found out. @throws {Stop} */
export async function locate(
  caller: Caller,
  { action, params, step }: Prepared,
  prior: Json,
): Promise<Position | undefined> {
  const { options, limits, signal } = caller;
  const answer = await bounded(
    { ms: limits.assessMs, graceMs: limits.graceMs, waitedFor: `a look at ${step.id}`, signal },
    (inner) => action.locate(params, prior, options.capabilities, inner),
  );
  return answer.kind === "answered" ? answer.value : undefined;
}

/** @throws {Stop} also when it cannot be found out: nothing may be done then. */
export async function locateOrStop(caller: Caller, prepared: Prepared, prior: Json): Promise<Position> {
  const position = await locate(caller, prepared, prior);
  if (position !== undefined) return position;
  const { id } = prepared.step;
  throw new Stop("POSITION_UNKNOWN", `whether the change of step ${id} was made could not be found out`);
}
