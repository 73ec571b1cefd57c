import type { Json } from "../../services/remediation/action.ts";
import type { PlanRecord, RunOutcome, RunSummary } from "../../services/remediation/journal.ts";
import { StoreError } from "../../services/remediation/store-error.ts";

/** Of the table of runs; bigints of Postgres are made numbers where they are read. */
export interface RunRow {
  readonly run_id: string;
  readonly plan_id: string;
  readonly environment: string;
  readonly started_at: number;
  readonly started_by: string;
  readonly outcome: RunOutcome | null;
  readonly mode: string;
}

export const toSummary = (row: RunRow): RunSummary => ({
  runId: row.run_id,
  planId: row.plan_id,
  environment: row.environment,
  startedAt: row.started_at,
  by: row.started_by,
  dryRun: row.mode === "dry-run",
  ...(row.outcome !== null && { outcome: row.outcome }),
});

export interface PlanRow {
  readonly plan_id: string;
  readonly plan: string;
  readonly digest: string;
}

export const toPlanRecord = ({ plan_id: id, plan, digest }: PlanRow): PlanRecord => ({
  id,
  digest,
  plan: JSON.parse(plan) as Json,
});

export const misused = (runId: string, exists: boolean): StoreError =>
  new StoreError(
    "STORE_MISUSED",
    exists ? `the run ${runId} exists already` : `there is no run ${runId} in the journal`,
  );
