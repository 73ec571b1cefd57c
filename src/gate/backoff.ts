const FIRST_MS = 100;
const LONGEST_MS = 5000;

export interface Backoff {
  /** How long to wait before the next try, in ms; `askedMs` is what the other side asked for. */
  next(askedMs?: number): number;
  /** After a success. */
  reset(): void;
}

/** Doubles from 100 ms to 5 s, with full jitter: many who lost the same service do not come back at the same moment. */
export function createBackoff(random: () => number = Math.random): Backoff {
  let tries = 0;
  return {
    next(askedMs = 0) {
      const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 16));
      tries += 1;
      return askedMs + Math.round(random() * ceiling);
    },
    reset() {
      tries = 0;
    },
  };
}

/** `Retry-After`, in ms from `now` (wall clock): seconds or a date (RFC 9110, 10.2.3); undefined when it is neither. */
export function parseRetryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,7}$/.test(text.trim())) return Number(text) * 1000;
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
