import type { CheckOptions, CheckedPlan } from "./plan-check.ts";
import type { PlanFault } from "./plan-fault.ts";
import { lintContradictions } from "./plan-lint-contradictions.ts";
import type { LintInput } from "./plan-lint-input.ts";
import { lintOrder } from "./plan-lint-order.ts";
import { lintSteps } from "./plan-lint-steps.ts";
import { lintTime } from "./plan-lint-time.ts";
import type { Plan } from "./plan.ts";

/** Whatever contradicts itself in a plan that could be read; steps that could not be read are passed over. */
export function lintPlan({ head, steps, nodes }: CheckedPlan, options: CheckOptions): readonly PlanFault[] {
  const input: LintInput = {
    steps,
    nodes,
    ...options,
    ...(head?.deadlineMs !== undefined && { deadlineMs: head.deadlineMs }),
  };
  return [...lintOrder(input), ...lintSteps(input), ...lintTime(input), ...lintContradictions(input)];
}

/** Nothing can be applied of a plan that has one of these: there is no order in it, or no knowing which step is meant. */
const UNSOUND: ReadonlySet<PlanFault["code"]> = new Set([
  "PLAN_STEP_DUPLICATE",
  "PLAN_NEEDS_UNKNOWN",
  "PLAN_NEEDS_CYCLE",
  "PLAN_PHASE_ORDER",
]);

export type CompletePlan =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly faults: readonly PlanFault[] };

/** The plan, when it is one: every value is of its kind, and there is an order in it. */
export function completePlan(checked: CheckedPlan, options: CheckOptions): CompletePlan {
  const { head, steps, nodes, faults } = checked;
  const unsound = lintOrder({ steps, nodes, ...options }).filter(({ code }) => UNSOUND.has(code));
  if (head === undefined || faults.length > 0 || unsound.length > 0)
    return { ok: false, faults: [...faults, ...unsound] };
  return { ok: true, plan: { ...head, steps: steps.map(({ step }) => step) } };
}
