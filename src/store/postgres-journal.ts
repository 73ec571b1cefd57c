import type {
  AppendResult,
  JournalEvent,
  JournalStore,
  RunLock,
} from "../../services/remediation/journal.ts";
import { changesOf, fingerprintsOf } from "./changes.ts";
import { type PostgresStoreOptions, type Run, openPool } from "./postgres-pool.ts";
import { type PlanRow, type RunRow, misused, toPlanRecord, toSummary } from "./rows.ts";

/** A journal in Postgres, for many machines. Connects with the first call, and makes its tables then. */
export function createPostgresJournal(options: PostgresStoreOptions): JournalStore {
  const { inTransaction, close } = openPool(options);
  return {
    append: (runId, fence, event) => inTransaction((run) => append(run, { runId, fence, event })),
    read: (runId) =>
      inTransaction(async (run) => {
        const rows = await run<{ event: string }>(
          "SELECT event FROM greenlight_events WHERE run_id = $1 ORDER BY ordinal",
          [runId],
        );
        return rows.map(({ event }) => JSON.parse(event) as JournalEvent);
      }),
    runs: ({ environment = null, limit, before = null, unfinished = false }) =>
      inTransaction(async (run) => {
        const rows = await run<RunRow>(
          `SELECT run_id, plan_id, environment, started_at::float8 AS started_at, started_by, outcome, mode
           FROM greenlight_runs
           WHERE ($1::text IS NULL OR environment = $1)
             AND ($3::text IS NULL OR ordinal < (SELECT ordinal FROM greenlight_runs WHERE run_id = $3))
             AND (NOT $4::boolean OR (outcome IS NULL AND mode = 'apply'))
           ORDER BY ordinal DESC LIMIT $2`,
          [environment, limit, before, unfinished],
        );
        return rows.map(toSummary);
      }),
    lock: (environment, { holder, ttlMs, now }) =>
      inTransaction(async (run) => {
        const expiresAt = Math.floor(now + ttlMs);
        const [row] = await run<Fence>(
          `INSERT INTO greenlight_locks AS l (environment, fence, holder, expires_at) VALUES ($1, 1, $2, $3)
           ON CONFLICT (environment) DO UPDATE SET fence = l.fence + 1, holder = $2, expires_at = $3
           WHERE l.holder IS NULL OR l.expires_at <= $4 RETURNING fence::float8 AS fence`,
          [environment, holder, expiresAt, Math.floor(now)],
        );
        return row && { environment, fence: row.fence, expiresAt };
      }),
    renew: ({ environment, fence }, { ttlMs, now }) =>
      inTransaction(async (run): Promise<RunLock | undefined> => {
        const expiresAt = Math.floor(now + ttlMs);
        const rows = await run(
          `UPDATE greenlight_locks SET expires_at = $1
           WHERE environment = $2 AND fence = $3 AND holder IS NOT NULL RETURNING fence`,
          [expiresAt, environment, fence],
        );
        return rows.length === 1 ? { environment, fence, expiresAt } : undefined;
      }),
    unlock: ({ environment, fence }) =>
      inTransaction(async (run) => {
        await run("UPDATE greenlight_locks SET holder = NULL WHERE environment = $1 AND fence = $2", [
          environment,
          fence,
        ]);
      }),
    isLocked: (environment, now) =>
      inTransaction(async (run) => {
        const rows = await run(
          "SELECT 1 FROM greenlight_locks WHERE environment = $1 AND holder IS NOT NULL AND expires_at > $2",
          [environment, Math.floor(now)],
        );
        return rows.length > 0;
      }),
    attempts: (fingerprint) =>
      inTransaction(async (run) => {
        const [row] = await run<{ count: number }>(
          "SELECT count FROM greenlight_attempts WHERE fingerprint = $1",
          [fingerprint],
        );
        return row?.count ?? 0;
      }),
    savePlan: (planId, plan, digest) =>
      inTransaction(async (run) => {
        await run(
          `INSERT INTO greenlight_plans (plan_id, plan, digest) VALUES ($1, $2, $3)
           ON CONFLICT (plan_id) DO UPDATE SET plan = $2, digest = $3, ordinal = DEFAULT`,
          [planId, JSON.stringify(plan), digest],
        );
      }),
    plans: ({ limit, before = null }) =>
      inTransaction(async (run) => {
        const rows = await run<PlanRow>(
          `SELECT plan_id, plan, digest FROM greenlight_plans
           WHERE $2::text IS NULL OR ordinal < (SELECT ordinal FROM greenlight_plans WHERE plan_id = $2)
           ORDER BY ordinal DESC LIMIT $1`,
          [limit, before],
        );
        return rows.map(toPlanRecord);
      }),
    loadPlan: (planId) =>
      inTransaction(async (run) => {
        const [row] = await run<PlanRow>(
          "SELECT plan_id, plan, digest FROM greenlight_plans WHERE plan_id = $1",
          [planId],
        );
        return row && toPlanRecord(row);
      }),
    close,
  };
}

interface Fence {
  readonly fence: number;
}

type Started = JournalEvent & { readonly type: "run-started" };

interface Appended {
  readonly runId: string;
  readonly fence: number;
  readonly event: JournalEvent;
}

async function append(run: Run, { runId, fence, event }: Appended): Promise<AppendResult> {
  const [known] = await run<{ environment: string; mode: string }>(
    "SELECT environment, mode FROM greenlight_runs WHERE run_id = $1",
    [runId],
  );
  if ((known === undefined) !== (event.type === "run-started")) throw misused(runId, known !== undefined);
  const { environment, mode } = known ?? (event as Started);
  // Nobody takes the lock between this look and the commit. A dry run changes nothing and holds none.
  const [newest] = await run<Fence>(
    "SELECT fence::float8 AS fence FROM greenlight_locks WHERE environment = $1 FOR SHARE",
    [environment],
  );
  if (mode === "apply" && newest?.fence !== fence) return { kind: "fenced-off" };
  if (event.type === "run-started") await begin(run, runId, event);
  await run("INSERT INTO greenlight_events (run_id, event) VALUES ($1, $2)", [runId, JSON.stringify(event)]);
  const { outcome, begun, succeeded } = changesOf(event);
  if (outcome !== undefined)
    await run("UPDATE greenlight_runs SET outcome = $1 WHERE run_id = $2", [outcome, runId]);
  if (begun !== undefined)
    await run(
      `INSERT INTO greenlight_attempts AS a (fingerprint, count)
       SELECT fingerprint, 1 FROM greenlight_steps WHERE run_id = $1 AND step = $2
       ON CONFLICT (fingerprint) DO UPDATE SET count = a.count + 1`,
      [runId, begun],
    );
  if (succeeded !== undefined)
    await run(
      `DELETE FROM greenlight_attempts WHERE fingerprint IN
       (SELECT fingerprint FROM greenlight_steps WHERE run_id = $1 AND step = $2)`,
      [runId, succeeded],
    );
  return { kind: "written" };
}

async function begin(run: Run, runId: string, event: Started): Promise<void> {
  const { planId, environment, mode, at, by } = event;
  await run(
    `INSERT INTO greenlight_runs (run_id, plan_id, environment, mode, started_at, started_by)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [runId, planId, environment, mode, Math.floor(at), by],
  );
  const steps = fingerprintsOf(event);
  await run(
    `INSERT INTO greenlight_steps (run_id, step, fingerprint)
     SELECT $1, s, f FROM unnest($2::text[], $3::text[]) AS x (s, f)`,
    [runId, steps.map(({ step }) => step), steps.map(({ fingerprint }) => fingerprint)],
  );
}
