import type { Clock } from "../clock.ts";

/** An operator's word that nobody starts a suite for a while. It always expires. */
export interface Hold {
  readonly suite: string;
  readonly reason: string;
  /** Who holds. */
  readonly by: string;
  /** Wall-clock milliseconds at which it ends by itself. */
  readonly until: number;
}

export interface Holds {
  /** Takes the place of one that is there. */
  place(asked: { suite: string; reason: string; by: string; ms: number }): Hold;
  /** Takes one over that was placed before, until the end it has; never for longer than one lasts. */
  restore(hold: Hold): void;
  /** The same object for as long as it is the same hold. */
  get(suite: string): Hold | undefined;
  all(): readonly Hold[];
  /** False when there was none. */
  release(suite: string): boolean;
  close(): void;
}

export interface HoldsOptions {
  readonly clock: Clock;
  /** Told when one begins or ends. */
  readonly onChange: (suite: string) => void;
  /** Told of one that has ended by itself. Default: nobody is. */
  readonly onExpired?: (hold: Hold) => void;
}

/** The longest that one lasts: whoever forgets it stops the others for a day at most. */
export const MAX_HOLD_MS = 24 * 3_600_000;

interface Kept {
  readonly hold: Hold;
  /** Monotonic: a clock that is set neither shortens nor lengthens a hold. */
  readonly expiresAt: number;
  readonly timer: NodeJS.Timeout;
}

export function createHolds({ clock, onChange, onExpired }: HoldsOptions): Holds {
  const kept = new Map<string, Kept>();

  function end(suite: string): boolean {
    clearTimeout(kept.get(suite)?.timer);
    return kept.delete(suite);
  }

  function expire(suite: string, due: Kept): void {
    if (kept.get(suite) !== due || !end(suite)) return;
    onChange(suite);
    onExpired?.(due.hold);
  }

  function keep(hold: Hold, lasts: number): Hold {
    const { suite } = hold;
    end(suite);
    const timer = setTimeout(() => expire(suite, entry), lasts).unref();
    const entry: Kept = { hold, expiresAt: clock.monotonic() + lasts, timer };
    kept.set(suite, entry);
    onChange(suite);
    return hold;
  }

  function get(suite: string): Hold | undefined {
    const entry = kept.get(suite);
    return entry === undefined || clock.monotonic() >= entry.expiresAt ? undefined : entry.hold;
  }

  return {
    get,
    all: () => [...kept.values()].map(({ hold }) => hold),
    place({ suite, reason, by, ms }) {
      const lasts = Math.min(ms, MAX_HOLD_MS);
      return keep({ suite, reason, by, until: Math.round(clock.now() + lasts) }, lasts);
    },
    restore(hold) {
      const lasts = Math.min(hold.until - clock.now(), MAX_HOLD_MS);
      if (lasts > 0) keep(hold, lasts);
    },
    release(suite) {
      const known = get(suite) !== undefined;
      if (end(suite)) onChange(suite);
      return known;
    },
    close() {
      for (const { timer } of kept.values()) clearTimeout(timer);
      kept.clear();
    },
  };
}
