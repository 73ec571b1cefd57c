import type { Plan, Step } from "./plan.ts";

/**
 * The steps so that each comes after all it needs and after all of earlier phases; otherwise as the plan has them.
 * Undefined when that cannot be: a cycle, a need of a later phase, or of a step that is not there.
 */
export function orderSteps({ steps }: Pick<Plan, "steps">): readonly Step[] | undefined {
  const ordered: Step[] = [];
  const placed = new Set<string>();
  let waiting = steps.toSorted((a, b) => a.phase - b.phase);
  while (waiting.length > 0) {
    const phase = waiting[0]?.phase;
    const next = waiting.find((step) => step.phase === phase && step.needs.every((need) => placed.has(need)));
    if (next === undefined || placed.has(next.id)) return undefined;
    ordered.push(next);
    placed.add(next.id);
    waiting = waiting.filter((step) => step !== next);
  }
  return ordered;
}

/** Ids of all steps that come before this one because it needs them, directly or not, or by their phase. */
export function predecessorsOf(step: Step, steps: readonly Step[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = ({ needs, phase }: Step): void => {
    for (const other of steps) {
      if (found.has(other.id) || (!needs.includes(other.id) && other.phase >= phase)) continue;
      found.add(other.id);
      visit(other);
    }
  };
  visit(step);
  return found;
}
