import type { SQLInputValue } from "node:sqlite";
import type { StandingStore } from "../../services/gate/standing-store.ts";
import { inTransaction, openFile, patiently } from "./sqlite-file.ts";
import { type StandingRow, toLease, toStood } from "./standing-rows.ts";

const COLUMNS = "suite, kind, who, ends_at, reason, lease_id, fence" as const;
const LEASE = "environment = ?1 AND suite = ?2 AND kind = 'lease'" as const;
const HOLD = "environment = ?1 AND suite = ?2 AND kind = 'hold'" as const;

/**
 * Holds and leases of one environment in the file of the journal.
 *
 * @throws {StoreError} when the file cannot be used.
 */
export async function openSqliteStanding(path: string, environment: string): Promise<StandingStore> {
  const file = await openFile(path);
  const { database, checkPlace } = file;

  const all = <Row>(text: string, values: readonly SQLInputValue[]): Row[] =>
    database.prepare(text).all(environment, ...values) as Row[];

  const write = <T>(work: () => T): Promise<T> => inTransaction(path, file, work);
  const change = (text: string, values: readonly SQLInputValue[]): Promise<void> =>
    write(() => void all(text, values));

  return {
    async load(now) {
      const stood = await patiently(path, () => {
        checkPlace();
        return all<StandingRow>(`SELECT ${COLUMNS} FROM standing WHERE environment = ?1`, []);
      });
      const live = stood.filter((row) => row.ends_at > now);
      // Read again and again, so that a write each time would wear the disk.
      if (live.length < stood.length)
        await change("DELETE FROM standing WHERE environment = ?1 AND ends_at <= ?2", [Math.floor(now)]);
      return toStood(live);
    },
    putHold: ({ suite, by, until, reason }) =>
      change(
        `INSERT INTO standing (environment, suite, kind, who, ends_at, reason) VALUES (?1, ?2, 'hold', ?3, ?4, ?5)
         ON CONFLICT (environment, suite, kind) DO UPDATE SET who = ?3, ends_at = ?4, reason = ?5`,
        [suite, by, until, reason],
      ),
    removeHold: (suite) => change(`DELETE FROM standing WHERE ${HOLD}`, [suite]),
    forgetHold: ({ suite, until }) =>
      change(`DELETE FROM standing WHERE ${HOLD} AND ends_at = ?3`, [suite, until]),
    acquire: (proposed, now) =>
      write(() => {
        const { suite, holder, expiresAt, id } = proposed;
        const [current] = all<StandingRow>(`SELECT ${COLUMNS} FROM standing WHERE ${LEASE}`, [suite]);
        if (current !== undefined && current.ends_at > now) return { ok: false, current: toLease(current) };
        const [newest] = all<{ fence: number }>(
          `INSERT INTO lease_fences (environment, fence) VALUES (?1, ?2)
           ON CONFLICT (environment) DO UPDATE SET fence = max(fence + 1, ?2) RETURNING fence`,
          [proposed.fence],
        );
        const { fence } = newest as { fence: number };
        all(
          `INSERT OR REPLACE INTO standing (environment, suite, kind, who, ends_at, lease_id, fence)
           VALUES (?1, ?2, 'lease', ?3, ?4, ?5, ?6)`,
          [suite, holder, expiresAt, id, fence],
        );
        return { ok: true, lease: { ...proposed, fence } };
      }),
    renew: ({ suite, id, expiresAt, now }) =>
      write(() => {
        const [row] = all<StandingRow>(
          `UPDATE standing SET ends_at = ?4 WHERE ${LEASE} AND lease_id = ?3 AND ends_at > ?5 RETURNING ${COLUMNS}`,
          [suite, id, expiresAt, Math.floor(now)],
        );
        return row && toLease(row);
      }),
    forgetLease: ({ suite, id, expiresAt }) =>
      change(`DELETE FROM standing WHERE ${LEASE} AND lease_id = ?3 AND ends_at = ?4`, [
        suite,
        id,
        expiresAt,
      ]),
    giveUp: (suite, id) =>
      write(
        () =>
          all(`DELETE FROM standing WHERE ${LEASE} AND lease_id = ?3 RETURNING suite`, [suite, id]).length ===
          1,
      ),
    async close() {
      if (database.isOpen) await patiently(path, () => database.close());
    },
  };
}
