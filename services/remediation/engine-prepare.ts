import type { Action, Json } from "./action.ts";
import type { Plan, Step } from "./plan.ts";
import { orderSteps } from "./run-order.ts";
import { messageOf } from "./run-stop.ts";

/** A step with the action that does it, and parameters which that has accepted. */
export interface Prepared {
  readonly step: Step;
  readonly action: Action;
  readonly params: Json;
}

export type Preparation =
  | { readonly ok: true; readonly steps: readonly Prepared[] }
  | { readonly ok: false; readonly faults: readonly string[] };

/** In the order in which the steps are run; or each thing that cannot be run. */
export function preparePlan(plan: Plan, actions: readonly Action[]): Preparation {
  const faults: string[] = [];
  const order = orderSteps(plan);
  if (order === undefined) faults.push("steps: expected an order in which all needs are met, found none");
  const ids = new Set(plan.steps.map(({ id }) => id));
  if (ids.size < plan.steps.length) faults.push("steps: expected each id once, found one twice");
  const steps = (order ?? plan.steps).flatMap((step): Prepared[] => {
    const { kind, params } = step.action;
    const action = actions.find((candidate) => candidate.kind === kind);
    if (action === undefined) {
      faults.push(`step ${step.id}: expected an action that there is, found ${JSON.stringify(kind)}`);
      return [];
    }
    const parsed = parse(action, params);
    if (parsed.ok) return [{ step, action, params: parsed.params }];
    for (const { path, expected, found } of parsed.faults)
      faults.push(`step ${step.id}, ${path}: expected ${expected}, found ${found}`);
    return [];
  });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, steps };
}

/** What cannot even be checked is refused as well. */
function parse(action: Action, params: Json): ReturnType<Action["parse"]> {
  try {
    return action.parse(params);
  } catch (error) {
    const expected = `parameters that ${action.kind} can read`;
    return { ok: false, faults: [{ path: "params", expected, found: messageOf(error) }] };
  }
}

/** Whether a person has to have named it. */
export const needsApproval = ({ step, action }: Prepared): boolean => step.approval || action.destructive;
