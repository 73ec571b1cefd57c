import type { ProposedAction } from "../why/proposed-action.ts";
import type { Action, Assessment, Capabilities } from "./action.ts";
import { keyOf } from "./plan-propose.ts";

export interface AssessOptions {
  readonly actions: readonly Action[];
  /** What may write is left out of it: a plan changes nothing. */
  readonly capabilities: Capabilities;
  readonly signal: AbortSignal;
  /** For one action, in ms. */
  readonly withinMs: number;
}

/**
 * What the world is to each action, all at once. What no action here can tell is not in the answer. Rejects with the reason
 * of the signal alone.
 */
export async function assessActions(
  proposed: readonly ProposedAction[],
  options: AssessOptions,
): Promise<ReadonlyMap<string, Assessment>> {
  const { writer: _, ...capabilities } = options.capabilities;
  const found = await Promise.all(
    proposed.map(async (action) => {
      const assessment = await assess(action, { ...options, capabilities });
      return assessment === undefined ? [] : [[keyOf(action), assessment] as const];
    }),
  );
  options.signal.throwIfAborted();
  return new Map(found.flat());
}

async function assess(
  { kind, params }: ProposedAction,
  { actions, capabilities, signal, withinMs }: AssessOptions,
): Promise<Assessment | undefined> {
  const action = actions.find((each) => each.kind === kind);
  if (action === undefined) return undefined;
  const parsed = action.parse(params);
  if (!parsed.ok) {
    const [fault] = parsed.faults;
    const what =
      fault === undefined ? "" : `: ${fault.path}: expected ${fault.expected}, found ${fault.found}`;
    return { kind: "refused", because: `the parameters are not what it takes${what}` };
  }
  const late = AbortSignal.timeout(withinMs);
  try {
    return await action.assess(parsed.params, capabilities, AbortSignal.any([signal, late]));
  } catch (error) {
    signal.throwIfAborted();
    const because = late.aborted
      ? `no answer within ${Math.round(withinMs / 1000)} s`
      : `it failed (${error instanceof Error ? error.name : "error"})`;
    return { kind: "unknown", because };
  }
}
