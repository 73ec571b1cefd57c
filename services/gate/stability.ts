/** What is known of how long all that a suite requires has been fit together. Monotonic ms throughout. */
export interface Stability {
  /** Since when; undefined while they are not. */
  readonly since: number | undefined;
  /** Until when each of them was seen to be: the age of the oldest word. */
  readonly until: number;
  readonly lookedAt: number;
}

export const NEVER_LOOKED: Stability = {
  since: undefined,
  until: Number.NEGATIVE_INFINITY,
  lookedAt: Number.NEGATIVE_INFINITY,
};

export interface Look {
  readonly now: number;
  /** Whether all that is required is fit at this moment. */
  readonly fit: boolean;
  /** When each of them was last observed. */
  readonly seenAt: Iterable<number>;
  /** When nothing was looked at for longer than this, what was fit before proves nothing. */
  readonly maxGapMs: number;
}

/** Pure: a flap and a gap both start it anew. */
export function nextStability(before: Stability, { now, fit, seenAt, maxGapMs }: Look): Stability {
  if (!fit) return { since: undefined, until: now, lookedAt: now };
  const heard = now - before.lookedAt <= maxGapMs;
  return {
    since: before.since !== undefined && heard ? before.since : now,
    until: Math.min(now, ...seenAt),
    lookedAt: now,
  };
}

/**
 * For how long they are proven to have been fit together: from the moment at which all were for the first time to the
 * oldest of the last words on them. Time alone proves nothing.
 */
export const provenMs = ({ since, until }: Stability): number | undefined =>
  since === undefined ? undefined : Math.max(0, until - since);
