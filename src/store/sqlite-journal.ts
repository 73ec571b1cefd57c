/** store: where runs, plans, locks, holds and leases are remembered; SQLite by itself, Postgres where many machines share them. */
import type { SQLInputValue, StatementSync } from "node:sqlite";
import type {
  AppendResult,
  JournalEvent,
  JournalStore,
  RunLock,
  RunSummary,
} from "../../services/remediation/journal.ts";
import { changesOf, fingerprintsOf } from "./changes.ts";
import { type PlanRow, type RunRow, misused, toPlanRecord, toSummary } from "./rows.ts";
import { inTransaction, openFile, patiently } from "./sqlite-file.ts";

type All = <Row>(text: string, values?: readonly SQLInputValue[]) => Row[];

interface Fence {
  readonly fence: number;
}

/**
 * A journal in one file, which is made with its folder. Several processes of one machine may use it at once; never put
 * it on a network's file system.
 *
 * @throws {StoreError} when the file cannot be used.
 */
export async function openSqliteJournal(path: string): Promise<JournalStore> {
  const file = await openFile(path);
  const { database, checkPlace } = file;
  const statements = new Map<string, StatementSync>();

  function prepared(text: string): StatementSync {
    const statement = statements.get(text) ?? database.prepare(text);
    statements.set(text, statement);
    return statement;
  }
  const all: All = <Row>(text: string, values: readonly SQLInputValue[] = []) =>
    prepared(text).all(...values) as Row[];
  const run = (text: string, values: readonly SQLInputValue[]): number =>
    Number(prepared(text).run(...values).changes);

  const look = <T>(work: () => T): Promise<T> =>
    patiently(path, () => {
      checkPlace();
      return work();
    });

  const write = <T>(work: () => T): Promise<T> => inTransaction(path, file, work);

  function begin(runId: string, event: JournalEvent & { type: "run-started" }): void {
    const { planId, environment, mode, at, by } = event;
    run(
      "INSERT INTO runs (run_id, plan_id, environment, mode, started_at, started_by) VALUES (?, ?, ?, ?, ?, ?)",
      [runId, planId, environment, mode, Math.floor(at), by],
    );
    for (const { step, fingerprint } of fingerprintsOf(event))
      run("INSERT INTO steps (run_id, step, fingerprint) VALUES (?, ?, ?)", [runId, step, fingerprint]);
  }

  function append(runId: string, fence: number, event: JournalEvent): AppendResult {
    const [known] = all<{ environment: string; mode: string }>(
      "SELECT environment, mode FROM runs WHERE run_id = ?",
      [runId],
    );
    if ((known === undefined) !== (event.type === "run-started")) throw misused(runId, known !== undefined);
    const { environment, mode } = known ?? (event as JournalEvent & { type: "run-started" });
    const [newest] = all<Fence>("SELECT fence FROM locks WHERE environment = ?", [environment]);
    // A dry run changes nothing and holds no lock.
    if (mode === "apply" && newest?.fence !== fence) return { kind: "fenced-off" };
    if (event.type === "run-started") begin(runId, event);
    run("INSERT INTO events (run_id, event) VALUES (?, ?)", [runId, JSON.stringify(event)]);
    const { outcome, begun, succeeded } = changesOf(event);
    if (outcome !== undefined) run("UPDATE runs SET outcome = ? WHERE run_id = ?", [outcome, runId]);
    if (begun !== undefined)
      run(
        `INSERT INTO attempts (fingerprint, count) SELECT fingerprint, 1 FROM steps WHERE run_id = ? AND step = ?
         ON CONFLICT (fingerprint) DO UPDATE SET count = count + 1`,
        [runId, begun],
      );
    if (succeeded !== undefined)
      run(
        "DELETE FROM attempts WHERE fingerprint IN (SELECT fingerprint FROM steps WHERE run_id = ? AND step = ?)",
        [runId, succeeded],
      );
    return { kind: "written" };
  }

  return {
    append: (runId, fence, event) => write(() => append(runId, fence, event)),
    read: (runId) =>
      look(() =>
        all<{ event: string }>("SELECT event FROM events WHERE run_id = ? ORDER BY ordinal", [runId]).map(
          ({ event }) => JSON.parse(event) as JournalEvent,
        ),
      ),
    runs: ({ environment = null, limit, before = null, unfinished = false }) =>
      look((): readonly RunSummary[] =>
        all<RunRow>(
          `SELECT run_id, plan_id, environment, started_at, started_by, outcome, mode FROM runs
           WHERE (?1 IS NULL OR environment = ?1)
             AND (?3 IS NULL OR ordinal < (SELECT ordinal FROM runs WHERE run_id = ?3))
             AND (?4 = 0 OR (outcome IS NULL AND mode = 'apply'))
           ORDER BY ordinal DESC LIMIT ?2`,
          [environment, limit, before, Number(unfinished)],
        ).map(toSummary),
      ),
    lock: (environment, { holder, ttlMs, now }) =>
      write((): RunLock | undefined => {
        const expiresAt = Math.floor(now + ttlMs);
        const [row] = all<Fence>(
          `INSERT INTO locks (environment, fence, holder, expires_at) VALUES (?1, 1, ?2, ?3)
           ON CONFLICT (environment) DO UPDATE SET fence = fence + 1, holder = ?2, expires_at = ?3
           WHERE holder IS NULL OR expires_at <= ?4 RETURNING fence`,
          [environment, holder, expiresAt, Math.floor(now)],
        );
        return row && { environment, fence: row.fence, expiresAt };
      }),
    renew: ({ environment, fence }, { ttlMs, now }) =>
      write((): RunLock | undefined => {
        const expiresAt = Math.floor(now + ttlMs);
        const renewed = run(
          "UPDATE locks SET expires_at = ? WHERE environment = ? AND fence = ? AND holder IS NOT NULL",
          [expiresAt, environment, fence],
        );
        return renewed === 1 ? { environment, fence, expiresAt } : undefined;
      }),
    unlock: ({ environment, fence }) =>
      write(() => {
        run("UPDATE locks SET holder = NULL WHERE environment = ? AND fence = ?", [environment, fence]);
      }),
    isLocked: (environment, now) =>
      look(
        () =>
          all("SELECT 1 FROM locks WHERE environment = ? AND holder IS NOT NULL AND expires_at > ?", [
            environment,
            Math.floor(now),
          ]).length > 0,
      ),
    attempts: (fingerprint) =>
      look(
        () =>
          all<{ count: number }>("SELECT count FROM attempts WHERE fingerprint = ?", [fingerprint])[0]
            ?.count ?? 0,
      ),
    savePlan: (planId, plan, digest) =>
      write(() => {
        run("INSERT OR REPLACE INTO plans (plan_id, plan, digest) VALUES (?, ?, ?)", [
          planId,
          JSON.stringify(plan),
          digest,
        ]);
      }),
    plans: ({ limit, before = null }) =>
      look(() =>
        all<PlanRow>(
          `SELECT plan_id, plan, digest FROM plans
           WHERE ?2 IS NULL OR ordinal < (SELECT ordinal FROM plans WHERE plan_id = ?2)
           ORDER BY ordinal DESC LIMIT ?1`,
          [limit, before],
        ).map(toPlanRecord),
      ),
    loadPlan: (planId) =>
      look(() => {
        const [row] = all<PlanRow>("SELECT plan_id, plan, digest FROM plans WHERE plan_id = ?", [planId]);
        return row && toPlanRecord(row);
      }),
    async close() {
      if (database.isOpen) await patiently(path, () => database.close());
    },
  };
}
