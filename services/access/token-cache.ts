import type { Clock } from "../clock.ts";
import type { Decision } from "./decision.ts";
import { createLru, type Lru } from "./lru.ts";
import type { RefusalCode } from "./refusals.ts";

/** Answers about tokens, by the SHA-256 of the token; the token itself is never kept. */
export interface TokenCache {
  /** `now`: wall-clock milliseconds. */
  get(hash: string, now: number): Known | undefined;
  set(hash: string, decision: Decision): void;
}

/** Tokens of each sort that are remembered. */
const CAPACITY = 10_000;
/** A withdrawn right is noticed after this time at most, in ms. */
const ACCEPTED_MS = 5 * 60_000;
const REFUSED_MS = 30_000;

/** What may be otherwise in a moment, without a new token. */
const PASSING: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  "TOKEN_CHECK_UNAVAILABLE",
  "TOKEN_KEY_UNKNOWN",
  "TOKEN_NOT_YET_VALID",
  "RATE_LIMITED",
]);

export interface Known {
  readonly decision: Decision;
  /** The hash as it is kept: looking up this very text compares no characters. */
  readonly hash: string;
}

interface Entry extends Known {
  /** Wall-clock milliseconds. */
  readonly until: number;
}

/** Accepted and refused tokens are kept apart, so that a flood of bad ones drives out no good one. */
export function createTokenCache(clock: Clock): TokenCache {
  const accepted = createLru<Entry>(CAPACITY);
  const refused = createLru<Entry>(CAPACITY);

  function read(entries: Lru<Entry>, hash: string, now: number): Known | undefined {
    const entry = entries.get(hash);
    if (entry === undefined) return undefined;
    if (now < entry.until) return entry;
    entries.delete(hash);
    return undefined;
  }

  return {
    get: (hash, now) => read(accepted, hash, now) ?? read(refused, hash, now),
    set(hash, decision) {
      const now = clock.now();
      if (decision.ok) {
        accepted.set(hash, { decision, hash, until: Math.min(decision.expiresAt, now + ACCEPTED_MS) });
      } else if (!PASSING.has(decision.refusal.code)) {
        refused.set(hash, { decision, hash, until: now + REFUSED_MS });
      }
    },
  };
}
