import type { Hold } from "./holds.ts";
import type { Acquired, Lease } from "./leases.ts";

/**
 * Where the holds and leases of one environment are remembered. Both stores (SQLite, Postgres) pass one test file. What
 * is done is durable when it resolves; after a rejection it is unknown whether it was done.
 */
export interface StandingStore {
  /** Removes those that ended before `now` (wall clock, ms). */
  load(now: number): Promise<Stood>;
  /** Takes the place of the suite's hold. */
  putHold(hold: Hold): Promise<void>;
  removeHold(suite: string): Promise<void>;
  /** That hold alone, and none that took its place. */
  forgetHold(hold: Hold): Promise<void>;
  /** Gives the lease unless another has the suite, under a fence that no earlier lease had. */
  acquire(proposed: Lease, now: number): Promise<Acquired>;
  /** Undefined when it is lost: ended, given up, or never given. */
  renew(asked: { suite: string; id: string; expiresAt: number; now: number }): Promise<Lease | undefined>;
  /** With that end alone: it may have been renewed elsewhere. */
  forgetLease(lease: Lease): Promise<void>;
  /** False when it was lost before. */
  giveUp(suite: string, id: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface Stood {
  readonly holds: readonly Hold[];
  readonly leases: readonly Lease[];
}
