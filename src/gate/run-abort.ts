import type { Seen } from "./watch.ts";

/** A required dependency that has been down for too long. */
export interface Down {
  readonly dependency: string;
  readonly downForMs: number;
  /** Why, in one sentence. */
  readonly message: string;
}

/** When this long nothing was seen, what was seen before proves nothing about the time between. */
const LONGEST_GAP_MS = 15_000;

/**
 * Follows how long each required dependency has been down without a break. Only what was seen to fail counts: that
 * something is not known ends no suite.
 */
export function trackDown(afterMs: number): (seen: Seen, monotonicMs: number) => Down | undefined {
  let since = new Map<string, number>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  return function see({ evaluation }, now) {
    const known = now - lookedAt <= LONGEST_GAP_MS ? since : new Map<string, number>();
    lookedAt = now;
    const down = evaluation.reasons.flatMap(({ code, effect, dependency, message }) =>
      code === "NOT_FIT" && effect === "blocks" && dependency !== undefined
        ? [{ dependency, message, from: known.get(dependency) ?? now }]
        : [],
    );
    since = new Map(down.map(({ dependency, from }) => [dependency, from]));
    const longest = down.toSorted((a, b) => a.from - b.from)[0];
    if (longest === undefined || now - longest.from < afterMs) return undefined;
    const { dependency, message, from } = longest;
    return { dependency, message, downForMs: now - from };
  };
}
