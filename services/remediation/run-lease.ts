import type { Clock } from "../clock.ts";
import type { JournalStore, RunLock } from "./journal.ts";
import { Stop, messageOf } from "./run-stop.ts";

/** A run's right to have its environment for itself, renewed until it is ended. */
export interface Lease {
  readonly fence: number;
  /** Aborts with a `Stop` when it is lost. */
  readonly signal: AbortSignal;
  /** Renews it at once where it would run out soon, so that what begins now begins under it. */
  confirm(): Promise<void>;
  /** Gives the environment back. Never rejects. */
  end(): Promise<void>;
}

export interface LeaseOptions {
  readonly store: JournalStore;
  readonly clock: Clock;
  readonly environment: string;
  readonly holder: string;
  readonly leaseMs: number;
}

/** Undefined while another run has the environment. @throws {StoreError} */
export async function takeLease(options: LeaseOptions): Promise<Lease | undefined> {
  const { store, clock, environment, holder, leaseMs: ttlMs } = options;
  const lost = new AbortController();
  // Counted from before each question, and on a clock that nobody sets.
  let asked = clock.monotonic();
  const first = await store.lock(environment, { holder, ttlMs, now: clock.now() });
  if (first === undefined) return undefined;
  let lock: RunLock = first;
  let until = asked + ttlMs;
  let renewing: Promise<void> | undefined;

  async function ask(): Promise<void> {
    asked = clock.monotonic();
    try {
      const renewed = await store.renew(lock, { ttlMs, now: clock.now() });
      if (renewed === undefined) {
        lost.abort(new Stop("LEASE_LOST", `another run has taken over the environment ${environment}`));
        return;
      }
      lock = renewed;
      until = asked + ttlMs;
    } catch (error) {
      // It may come back in time; what is written meanwhile meets the same fault.
      if (clock.monotonic() >= until) lost.abort(new Stop("STORE_LOST", messageOf(error)));
    }
  }

  function renew(): Promise<void> {
    renewing ??= ask().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  const timer = setInterval(() => void renew(), ttlMs / 3);
  return {
    fence: first.fence,
    signal: lost.signal,
    async confirm() {
      if (clock.monotonic() > until - ttlMs / 2) await renew();
    },
    async end() {
      clearInterval(timer);
      await renewing;
      await store.unlock(lock).catch(() => undefined);
    },
  };
}
