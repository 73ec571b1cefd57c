import type { Clock } from "../clock.ts";
import { createLru } from "./lru.ts";

/** What draft-ietf-httpapi-ratelimit-headers-10 has answers say. */
export interface Rate {
  /** `RateLimit-Policy`: stays the same. */
  readonly policy: string;
  /** `RateLimit`: what is left, and the seconds until there is more. */
  readonly limit: string;
}

export type Taken =
  | { readonly ok: true; readonly rate: Rate }
  | { readonly ok: false; readonly rate: Rate; readonly retryAfter: number };

export interface RateLimiter {
  /** Counts one request. `now`: wall-clock milliseconds, where the caller has read the clock already. */
  take(key: string, now?: number): Taken;
  /** Takes one back that was counted before it was known whose it is. */
  refund(key: string): void;
  /** How many keys are remembered. */
  readonly size: number;
}

export interface RateLimiterOptions {
  /** The policy's name in the headers. */
  readonly name: string;
  /** Requests per second. */
  readonly perSecond: number;
  readonly clock: Clock;
  /** Default 10 000. */
  readonly capacity?: number;
}

const NOTHING_TAKEN: Taken = { ok: false, rate: { policy: "", limit: "" }, retryAfter: 1 };

interface Bucket {
  tokens: number;
  /** Wall-clock milliseconds. */
  at: number;
  /** What was answered last: the same object as long as it stays true, so that whoever writes it can tell. */
  taken: Taken;
  left: number;
  seconds: number;
}

/** Token buckets: each key has a burst of two seconds' worth, which fills up again evenly. */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { name, perSecond, clock, capacity = 10_000 } = options;
  const burst = Math.max(1, perSecond * 2);
  const policy = `"${name}";q=${Math.floor(burst)};w=${Math.max(1, Math.round(burst / perSecond))}`;
  // What is left is told to a thousandth: a large quota would be another text for each request.
  const step = Math.max(1, Math.floor(burst / 1000));
  /** Whether the next token may be more than a second away. */
  const mayTakeLong = perSecond < 1;
  const buckets = createLru<Bucket>(capacity);

  function refill(key: string, now: number): Bucket {
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      bucket = { tokens: burst, at: now, taken: NOTHING_TAKEN, left: Number.NaN, seconds: Number.NaN };
      buckets.set(key, bucket);
    }
    // A wall clock that is set back gives nothing, and takes nothing either.
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    return bucket;
  }

  function tell(bucket: Bucket, ok: boolean): void {
    const left = bucket.tokens - (bucket.tokens % step);
    const seconds = Math.max(1, Math.ceil((1 - (bucket.tokens % 1)) / perSecond));
    if (left === bucket.left && seconds === bucket.seconds && ok === bucket.taken.ok) return;
    const rate = { policy, limit: `"${name}";r=${left};t=${seconds}` };
    bucket.left = left;
    bucket.seconds = seconds;
    bucket.taken = ok ? { ok, rate } : { ok, rate, retryAfter: seconds };
  }

  return {
    take(key, now = clock.now()) {
      const bucket = refill(key, now);
      const ok = bucket.tokens >= 1;
      if (ok) bucket.tokens -= 1;
      // A remainder costs as much as all the rest: it is taken only when what is told has changed.
      const told =
        ok === bucket.taken.ok && bucket.tokens >= bucket.left && bucket.tokens < bucket.left + step;
      if (!told || mayTakeLong) tell(bucket, ok);
      return bucket.taken;
    },
    refund(key) {
      const bucket = refill(key, clock.now());
      bucket.tokens = Math.min(burst, bucket.tokens + 1);
    },
    get size() {
      return buckets.size;
    },
  };
}
