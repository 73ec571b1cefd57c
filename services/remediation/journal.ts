import type { Change, Json } from "./action.ts";
import type { Verified } from "./verifier.ts";

/** What a step came to. */
export type StepResult =
  | { readonly kind: "done"; readonly evidence: string }
  | { readonly kind: "failed"; readonly because: string }
  | { readonly kind: "not-run"; readonly because: string }
  | { readonly kind: "rolled-back"; readonly because: string }
  /** The change is made and is not in force yet. */
  | { readonly kind: "pending"; readonly because: string };

/** Written before what it announces, except results. Append-only; times are wall clock, ms. No secret in any. */
export type JournalEvent =
  | {
      readonly type: "run-started";
      readonly at: number;
      readonly runId: string;
      readonly planId: string;
      readonly digest: string;
      readonly plan: Json;
      readonly environment: string;
      readonly by: string;
      readonly fence: number;
      readonly mode: "apply" | "dry-run";
    }
  | {
      readonly type: "step-assessed";
      readonly at: number;
      readonly step: string;
      readonly prior: Json;
      readonly change: Change | null;
    }
  /** From here on the world may have been touched. */
  | { readonly type: "step-applying"; readonly at: number; readonly step: string }
  | { readonly type: "step-applied"; readonly at: number; readonly step: string; readonly evidence: string }
  | {
      readonly type: "step-verified";
      readonly at: number;
      readonly step: string;
      readonly results: readonly Verified[];
    }
  | {
      readonly type: "step-rolling-back";
      readonly at: number;
      readonly step: string;
      readonly because: string;
    }
  | { readonly type: "step-ended"; readonly at: number; readonly step: string; readonly result: StepResult }
  | {
      readonly type: "run-ended";
      readonly at: number;
      readonly outcome: RunOutcome;
      readonly summary: string;
    }
  /** Who took the run over, after a crash or for a rollback. */
  | {
      readonly type: "run-resumed";
      readonly at: number;
      readonly by: string;
      readonly fence: number;
      readonly to: "finish" | "roll-back";
    };

export type RunOutcome = "succeeded" | "rolled-back" | "failed" | "pending";

export interface RunSummary {
  readonly runId: string;
  readonly planId: string;
  readonly environment: string;
  readonly startedAt: number;
  readonly by: string;
  /** Absent while it runs, or after a crash. */
  readonly outcome?: RunOutcome;
  /** Nothing was changed by it. */
  readonly dryRun: boolean;
}

/** One run per environment: the newest fence alone may write. */
export interface RunLock {
  readonly environment: string;
  readonly fence: number;
  readonly expiresAt: number;
}

/** One page of a list, the newest first. */
export interface PageQuery {
  readonly limit: number;
  /** Those older than the one with this id; none where there is no such. */
  readonly before?: string | undefined;
}

export interface RunsQuery extends PageQuery {
  readonly environment?: string;
  /** Those alone that may have left the world half-way: begun, no dry run, and without an end. */
  readonly unfinished?: boolean;
}

export interface PlanRecord {
  readonly id: string;
  readonly digest: string;
  readonly plan: Json;
}

export type AppendResult = { readonly kind: "written" } | { readonly kind: "fenced-off" };

/** Where runs are remembered. Both stores (SQLite, Postgres) pass one test file. All rejections are `StoreError`. */
export interface JournalStore {
  /** Durable when it resolves. Refuses a writer whose fence is not the newest of its environment. */
  append(runId: string, fence: number, event: JournalEvent): Promise<AppendResult>;
  read(runId: string): Promise<readonly JournalEvent[]>;
  /** Newest first. */
  runs(options: RunsQuery): Promise<readonly RunSummary[]>;
  /** Undefined while another holds it. */
  lock(
    environment: string,
    options: { readonly holder: string; readonly ttlMs: number; readonly now: number },
  ): Promise<RunLock | undefined>;
  renew(
    lock: RunLock,
    options: { readonly ttlMs: number; readonly now: number },
  ): Promise<RunLock | undefined>;
  unlock(lock: RunLock): Promise<void>;
  /** Whether somebody holds the lock; who was killed does until the lease is over. */
  isLocked(environment: string, now: number): Promise<boolean>;
  /** How often an action with these parameters was begun and did not succeed since it last did. */
  attempts(fingerprint: string): Promise<number>;
  savePlan(planId: string, plan: Json, digest: string): Promise<void>;
  /** Those saved last first. */
  plans(options: PageQuery): Promise<readonly PlanRecord[]>;
  loadPlan(planId: string): Promise<PlanRecord | undefined>;
  close(): Promise<void>;
}
