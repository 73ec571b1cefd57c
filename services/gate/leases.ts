import type { Clock } from "../clock.ts";

/** One run's right to have a suite's environment for itself. Whoever does not renew it in time has lost it. */
export interface Lease {
  readonly suite: string;
  /** Known to its holder alone. */
  readonly id: string;
  /** Greater than that of every earlier lease: what is written under it can be told from what a late holder writes. */
  readonly fence: number;
  readonly holder: string;
  /** Wall-clock milliseconds. */
  readonly expiresAt: number;
}

export type Acquired =
  | { readonly ok: true; readonly lease: Lease }
  | { readonly ok: false; readonly current: Lease };

export interface Leases {
  acquire(asked: { suite: string; holder: string; ttlMs: number }): Acquired;
  /** From now on for `ttlMs`; undefined when it is lost: expired, given up, or never given by this process. */
  renew(asked: { suite: string; id: string; ttlMs: number }): Lease | undefined;
  /** False when it was lost before. */
  giveUp(asked: { suite: string; id: string }): boolean;
  get(suite: string): Lease | undefined;
  /** A lease that may be given, which nobody has yet. */
  propose(asked: { suite: string; holder: string; ttlMs: number }): Lease;
  /** Takes one over that was given elsewhere or before, until the end it has, in place of what is known. */
  restore(lease: Lease): void;
  all(): readonly Lease[];
  /** Ends it, whoever has it. */
  end(suite: string): void;
  close(): void;
}

/** The longest that one is given for without a renewal. */
export const MAX_LEASE_MS = 600_000;

export interface LeasesOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  /** Told when one begins or ends. */
  readonly onChange: (suite: string) => void;
  /** Told of one that has ended by itself. Default: nobody is. */
  readonly onExpired?: (lease: Lease) => void;
}

interface Kept {
  readonly lease: Lease;
  /** Monotonic: a clock that is set neither ends nor lengthens a lease. */
  readonly expiresAt: number;
  readonly timer: NodeJS.Timeout;
}

/** At most one a suite; a holder that is killed loses it by not renewing it. */
export function createLeases({ clock, newId, onChange, onExpired }: LeasesOptions): Leases {
  const kept = new Map<string, Kept>();
  let lastFence = 0;

  /** The time of day lets them grow over restarts without anything being kept; a clock set back does not within one. */
  function nextFence(): number {
    lastFence = Math.max(lastFence + 1, Math.floor(clock.now()));
    return lastFence;
  }

  function get(suite: string): Lease | undefined {
    const entry = kept.get(suite);
    return entry === undefined || clock.monotonic() >= entry.expiresAt ? undefined : entry.lease;
  }

  function held(suite: string, id: string): Lease | undefined {
    const lease = get(suite);
    return lease?.id === id ? lease : undefined;
  }

  function end(suite: string): void {
    clearTimeout(kept.get(suite)?.timer);
    kept.delete(suite);
  }

  function keep(lease: Lease, ttlMs: number): Lease {
    end(lease.suite);
    const timer = setTimeout(() => {
      if (kept.get(lease.suite) !== entry) return;
      end(lease.suite);
      onChange(lease.suite);
      onExpired?.(lease);
    }, ttlMs).unref();
    const entry: Kept = { lease, expiresAt: clock.monotonic() + ttlMs, timer };
    kept.set(lease.suite, entry);
    return lease;
  }

  const expiry = (ttlMs: number): number => Math.round(clock.now() + ttlMs);

  const propose: Leases["propose"] = ({ suite, holder, ttlMs }) => ({
    suite,
    id: newId(),
    fence: nextFence(),
    holder,
    expiresAt: expiry(ttlMs),
  });

  return {
    propose,
    acquire({ suite, holder, ttlMs }) {
      const current = get(suite);
      if (current !== undefined) return { ok: false, current };
      const lease = keep(propose({ suite, holder, ttlMs }), ttlMs);
      onChange(suite);
      return { ok: true, lease };
    },
    renew({ suite, id, ttlMs }) {
      const lease = held(suite, id);
      return lease === undefined ? undefined : keep({ ...lease, expiresAt: expiry(ttlMs) }, ttlMs);
    },
    giveUp({ suite, id }) {
      if (held(suite, id) === undefined) return false;
      end(suite);
      onChange(suite);
      return true;
    },
    restore(lease) {
      const ttlMs = Math.min(lease.expiresAt - clock.now(), MAX_LEASE_MS);
      if (ttlMs <= 0) return;
      lastFence = Math.max(lastFence, lease.fence);
      keep(lease, ttlMs);
      onChange(lease.suite);
    },
    end(suite) {
      end(suite);
      onChange(suite);
    },
    get,
    all: () => [...kept.values()].map(({ lease }) => lease),
    close() {
      for (const { timer } of kept.values()) clearTimeout(timer);
      kept.clear();
    },
  };
}
