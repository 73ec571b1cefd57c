import type { Hold } from "../../services/gate/holds.ts";
import type { Lease } from "../../services/gate/leases.ts";
import type { Stood } from "../../services/gate/standing-store.ts";

/** Of the table of holds and leases; bigints of Postgres are made numbers where they are read. */
export interface StandingRow {
  readonly suite: string;
  readonly kind: string;
  readonly who: string;
  readonly ends_at: number;
  readonly reason: string | null;
  readonly lease_id: string | null;
  readonly fence: number | null;
}

export const toHold = (row: StandingRow): Hold => ({
  suite: row.suite,
  reason: row.reason ?? "",
  by: row.who,
  until: row.ends_at,
});

export const toLease = (row: StandingRow): Lease => ({
  suite: row.suite,
  id: row.lease_id ?? "",
  fence: row.fence ?? 0,
  holder: row.who,
  expiresAt: row.ends_at,
});

export const toStood = (rows: readonly StandingRow[]): Stood => ({
  holds: rows.filter(({ kind }) => kind === "hold").map(toHold),
  leases: rows.filter(({ kind }) => kind === "lease").map(toLease),
});
