import type { Hold, Holds } from "./holds.ts";
import type { Acquired, Lease, Leases } from "./leases.ts";

/** What came of a change: it is refused where a store is configured and did not take it. */
export type Written<T> =
  | { readonly ok: true; readonly value: T }
  /** One clause, without a secret. */
  | { readonly ok: false; readonly why: string };

/** A hold is in force in any case. */
export interface Placed {
  readonly hold: Hold;
  /** Whether it outlives this process. */
  readonly durable: boolean;
  /** Why the store that is configured did not take it. */
  readonly why?: string;
}

/** Places and ends holds and leases, wherever they are remembered. */
export interface Standings {
  place(asked: Parameters<Holds["place"]>[0]): Promise<Placed>;
  release(suite: string): Promise<Written<boolean>>;
  acquire(asked: Parameters<Leases["acquire"]>[0]): Promise<Written<Acquired>>;
  renew(asked: Parameters<Leases["renew"]>[0]): Promise<Written<Lease | undefined>>;
  giveUp(asked: Parameters<Leases["giveUp"]>[0]): Promise<Written<boolean>>;
  /** Why nothing is known of what was held or leased before; undefined when it is known. */
  unread(): string | undefined;
  /** Begins to read the store. */
  start(): void;
  close(): Promise<void>;
}

export interface Memory {
  readonly holds: Holds;
  readonly leases: Leases;
}

const written = <T>(value: T): Promise<Written<T>> => Promise.resolve({ ok: true, value });

/** Without a store: they end with this process. */
export function createForgetful({ holds, leases }: Memory): Standings {
  return {
    place: (asked) => Promise.resolve({ hold: holds.place(asked), durable: false }),
    release: (suite) => written(holds.release(suite)),
    acquire: (asked) => written(leases.acquire(asked)),
    renew: (asked) => written(leases.renew(asked)),
    giveUp: (asked) => written(leases.giveUp(asked)),
    unread: () => undefined,
    start: () => undefined,
    close: () => Promise.resolve(),
  };
}
