import type { SeenRequirement } from "../../services/gate/seen.ts";

/** Since when each dependency has been as it is. */
export interface Since {
  /** @returns those that are not as they were. */
  learn(checks: readonly SeenRequirement[]): readonly SeenRequirement[];
  /** By dependency, in ms. */
  ages(): ReadonlyMap<string, number>;
}

export function createSince(now: () => number = () => performance.now()): Since {
  const known = new Map<string, { readonly meaning: string; readonly at: number }>();
  return {
    learn(checks) {
      const changed = checks.filter((check) => meaningOf(check) !== known.get(check.dependency)?.meaning);
      for (const check of changed) known.set(check.dependency, { meaning: meaningOf(check), at: now() });
      return changed;
    },
    ages: () => new Map([...known].map(([name, { at }]) => [name, now() - at])),
  };
}

const meaningOf = ({ status, cause, rung, serving }: SeenRequirement): string =>
  JSON.stringify([status, cause, rung, serving]);
