import type { Clock } from "../clock.ts";
import type { Hold } from "./holds.ts";
import type { Acquired, Lease } from "./leases.ts";
import type { StandingStore, Stood } from "./standing-store.ts";
import type { Memory, Standings, Written } from "./standings.ts";
import { createTurns } from "./turns.ts";

/** How the store does; told when it changes. */
export type StoreNews = { readonly kind: "read" } | { readonly kind: "failed"; readonly why: string };

export interface RememberedOptions extends Memory {
  readonly clock: Clock;
  readonly open: () => Promise<StandingStore>;
  /** Told when what was held and leased before has become known. */
  readonly onRead: () => void;
  readonly onNews?: (news: StoreNews) => void;
  /** The longest that a caller waits for the store, and how often it is read anew, ms. Default: 3 s and 2 s. */
  readonly deadlineMs?: number;
  readonly everyMs?: number;
}

export interface Remembered extends Standings {
  /** Told of what ended by itself, so that the store forgets it too. */
  expired(ended: { readonly hold: Hold } | { readonly lease: Lease }): void;
}

const FIRST_RETRY_MS = 250;
const NOT_STARTED = "the store has not been read yet";

/**
 * Holds and leases that outlive the process. A hold is in force before the store has it; everything that lets somebody
 * in is done only after. The store is read again and again: another instance may have placed or ended some.
 */
export function createRemembered(options: RememberedOptions): Remembered {
  const { holds, leases, clock, open, onRead, onNews, deadlineMs = 3000, everyMs = 2000 } = options;
  const turns = createTurns({ open, deadlineMs });
  /** Suites whose hold the store may not have as it is here. */
  const unstored = new Set<string>();
  /** Counts the holds placed, so that a release ends none that came after it. */
  const placed = new Map<string, number>();
  let unread: string | undefined = NOT_STARTED;
  let failing: string | undefined;
  let retryMs = FIRST_RETRY_MS;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function tried<T>(
    work: (store: StandingStore, signal: AbortSignal) => Promise<T>,
  ): Promise<Written<T>> {
    try {
      return { ok: true, value: await turns.take(work) };
    } catch (error) {
      return { ok: false, why: error instanceof Error ? error.message : String(error) };
    }
  }

  async function storeHold(store: StandingStore, suite: string): Promise<void> {
    const hold = holds.get(suite);
    if (hold !== undefined) await store.putHold(hold);
    if (holds.get(suite) === hold) unstored.delete(suite);
  }

  function takeOver({ holds: held, leases: leased }: Stood): void {
    if (closed) return;
    const now = clock.now();
    const heldNow = new Map(held.map((hold) => [hold.suite, hold]));
    for (const hold of held) {
      const known = holds.get(hold.suite);
      if (!unstored.has(hold.suite) && !(known && isSameHold(known, hold))) holds.restore(hold);
    }
    for (const lease of leased) {
      const known = leases.get(lease.suite);
      if (known?.id !== lease.id || known.expiresAt !== lease.expiresAt) leases.restore(lease);
    }
    const leasedNow = new Set(leased.map(({ suite }) => suite));
    // What is over by the time of day alone is not missing: a clock that is set ends nothing here.
    for (const { suite, until } of holds.all())
      if (!heldNow.has(suite) && !unstored.has(suite) && until > now) holds.release(suite);
    for (const { suite, expiresAt } of leases.all())
      if (!leasedNow.has(suite) && expiresAt > now) leases.end(suite);
  }

  async function read(): Promise<void> {
    const outcome = await tried(async (store) => {
      for (const suite of unstored) await storeHold(store, suite);
      takeOver(await store.load(clock.now()));
    });
    if (closed) return;
    const why = outcome.ok ? undefined : outcome.why;
    if (failing !== why && (why !== undefined || failing !== undefined || unread !== undefined))
      onNews?.(why === undefined ? { kind: "read" } : { kind: "failed", why });
    failing = why;
    if (unread !== undefined) {
      unread = why;
      onRead();
    }
    retryMs = why === undefined ? FIRST_RETRY_MS : Math.min(2 * retryMs, everyMs);
    timer = setTimeout(() => void read(), why === undefined ? everyMs : retryMs).unref();
  }

  async function acquire(proposed: Lease): Promise<Written<Acquired>> {
    return tried(async (store, signal) => {
      const acquired = await store.acquire(proposed, clock.now());
      if (signal.aborted && acquired.ok) {
        // Whoever asked was refused, and would never give it up.
        await store.giveUp(proposed.suite, proposed.id);
        throw signal.reason as Error;
      }
      leases.restore(acquired.ok ? acquired.lease : acquired.current);
      return acquired;
    });
  }

  return {
    unread: () => unread,
    start() {
      if (!closed) void read();
    },
    async place(asked) {
      const { suite } = asked;
      placed.set(suite, (placed.get(suite) ?? 0) + 1);
      unstored.add(suite);
      const hold = holds.place(asked);
      const outcome = await tried((store) => storeHold(store, suite));
      return outcome.ok ? { hold, durable: true } : { hold, durable: false, why: outcome.why };
    },
    release(suite) {
      const count = placed.get(suite);
      return tried(async (store, signal) => {
        const known = holds.get(suite) !== undefined;
        try {
          await store.removeHold(suite);
          // Whoever asked was told that it is held still.
          signal.throwIfAborted();
        } catch (error) {
          // Unknown whether it is gone from the store.
          if (known) unstored.add(suite);
          throw error;
        }
        if (placed.get(suite) !== count) return known;
        unstored.delete(suite);
        holds.release(suite);
        return known;
      });
    },
    async acquire(asked) {
      const current = leases.get(asked.suite);
      if (current !== undefined) return { ok: true, value: { ok: false, current } };
      return acquire(leases.propose(asked));
    },
    renew: ({ suite, id, ttlMs }) =>
      tried(async (store) => {
        const now = clock.now();
        const lease = await store.renew({ suite, id, expiresAt: Math.round(now + ttlMs), now });
        if (lease !== undefined) leases.restore(lease);
        else if (leases.get(suite)?.id === id) leases.end(suite);
        return lease;
      }),
    giveUp: ({ suite, id }) =>
      tried(async (store) => {
        const was = await store.giveUp(suite, id);
        if (leases.get(suite)?.id === id) leases.end(suite);
        return was;
      }),
    expired(ended) {
      if (closed) return;
      void tried((store) =>
        "hold" in ended ? store.forgetHold(ended.hold) : store.forgetLease(ended.lease),
      );
    },
    close() {
      closed = true;
      clearTimeout(timer);
      return turns.close();
    },
  };
}

const isSameHold = (a: Hold, b: Hold): boolean =>
  a.until === b.until && a.by === b.by && a.reason === b.reason;
