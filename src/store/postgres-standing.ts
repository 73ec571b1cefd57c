import type { Lease } from "../../services/gate/leases.ts";
import type { StandingStore } from "../../services/gate/standing-store.ts";
import { type PostgresStoreOptions, type Run, openPool } from "./postgres-pool.ts";
import { type StandingRow, toLease, toStood } from "./standing-rows.ts";

const COLUMNS =
  "suite, kind, who, ends_at::float8 AS ends_at, reason, lease_id, fence::float8 AS fence" as const;
const LEASE = "environment = $1 AND suite = $2 AND kind = 'lease'" as const;
const HOLD = "environment = $1 AND suite = $2 AND kind = 'hold'" as const;

/** Holds and leases of one environment in Postgres, for many instances. Connects with the first call. */
export function createPostgresStanding(options: PostgresStoreOptions, environment: string): StandingStore {
  const { inTransaction, close } = openPool(options);
  const change = (text: string, values: readonly unknown[]): Promise<void> =>
    inTransaction(async (run) => void (await run(text, [environment, ...values])));
  return {
    load: (now) =>
      inTransaction(async (run) => {
        await run("DELETE FROM greenlight_standing WHERE environment = $1 AND ends_at <= $2", [
          environment,
          Math.floor(now),
        ]);
        return toStood(
          await run<StandingRow>(`SELECT ${COLUMNS} FROM greenlight_standing WHERE environment = $1`, [
            environment,
          ]),
        );
      }),
    putHold: ({ suite, by, until, reason }) =>
      change(
        `INSERT INTO greenlight_standing (environment, suite, kind, who, ends_at, reason)
         VALUES ($1, $2, 'hold', $3, $4, $5)
         ON CONFLICT (environment, suite, kind) DO UPDATE SET who = $3, ends_at = $4, reason = $5`,
        [suite, by, until, reason],
      ),
    removeHold: (suite) => change(`DELETE FROM greenlight_standing WHERE ${HOLD}`, [suite]),
    forgetHold: ({ suite, until }) =>
      change(`DELETE FROM greenlight_standing WHERE ${HOLD} AND ends_at = $3`, [suite, until]),
    acquire: (proposed, now) =>
      inTransaction(async (run) => {
        const fence = await nextFence(run, environment, proposed);
        const { suite, holder, expiresAt, id } = proposed;
        const given = await run(
          `INSERT INTO greenlight_standing AS s (environment, suite, kind, who, ends_at, lease_id, fence)
           VALUES ($1, $2, 'lease', $3, $4, $5, $6)
           ON CONFLICT (environment, suite, kind) DO UPDATE SET who = $3, ends_at = $4, lease_id = $5, fence = $6
           WHERE s.ends_at <= $7 RETURNING suite`,
          [environment, suite, holder, expiresAt, id, fence, Math.floor(now)],
        );
        if (given.length === 1) return { ok: true, lease: { ...proposed, fence } };
        const [row] = await run<StandingRow>(`SELECT ${COLUMNS} FROM greenlight_standing WHERE ${LEASE}`, [
          environment,
          suite,
        ]);
        // What was not taken over is there: its row is locked until the commit.
        return { ok: false, current: toLease(row as StandingRow) };
      }),
    renew: ({ suite, id, expiresAt, now }) =>
      inTransaction(async (run) => {
        const [row] = await run<StandingRow>(
          `UPDATE greenlight_standing SET ends_at = $4
           WHERE ${LEASE} AND lease_id = $3 AND ends_at > $5 RETURNING ${COLUMNS}`,
          [environment, suite, id, expiresAt, Math.floor(now)],
        );
        return row && toLease(row);
      }),
    forgetLease: ({ suite, id, expiresAt }) =>
      change(`DELETE FROM greenlight_standing WHERE ${LEASE} AND lease_id = $3 AND ends_at = $4`, [
        suite,
        id,
        expiresAt,
      ]),
    giveUp: (suite, id) =>
      inTransaction(async (run) => {
        const ended = await run(
          `DELETE FROM greenlight_standing WHERE ${LEASE} AND lease_id = $3 RETURNING suite`,
          [environment, suite, id],
        );
        return ended.length === 1;
      }),
    close,
  };
}

/** Greater than every earlier one, whichever clock made those. Takers of one environment wait for each other here. */
async function nextFence(run: Run, environment: string, { fence }: Lease): Promise<number> {
  const [row] = await run<{ fence: number }>(
    `INSERT INTO greenlight_lease_fences AS f (environment, fence) VALUES ($1, $2)
     ON CONFLICT (environment) DO UPDATE SET fence = greatest(f.fence + 1, $2)
     RETURNING fence::float8 AS fence`,
    [environment, fence],
  );
  return (row as { fence: number }).fence;
}
