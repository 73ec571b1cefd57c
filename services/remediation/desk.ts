import type { Clock } from "../clock.ts";
import type { Detection } from "../context/detect.ts";
import type { Action, Capabilities } from "./action.ts";
import type { Engine, RefusalCode, RunNotice, RunResult, RunStatus, StepReport } from "./engine.ts";
import type { JournalStore, PageQuery, RunSummary } from "./journal.ts";
import type { Plan } from "./plan.ts";
import type { RollbackPreview } from "./rollback-preview.ts";

/** What the desk works with; opened when somebody first asks. */
export interface DeskTools {
  readonly store: JournalStore;
  readonly engine: Engine;
  readonly actions: readonly Action[];
  readonly capabilities: Capabilities;
  close(): Promise<void>;
}

/** A plan for what is wrong with a suite or a dependency, or why there is none. */
export type MadePlan =
  | { readonly kind: "made"; readonly plan: Plan; readonly digest: string }
  | { readonly kind: "nothing"; readonly because: string }
  | { readonly kind: "unknown-subject"; readonly known: readonly string[] };

export interface DeskOptions {
  /** @throws {StoreError} */
  readonly open: () => Promise<DeskTools>;
  /** Makes one and keeps it in the store. */
  readonly makePlan: (tools: DeskTools, subject: string, signal: AbortSignal) => Promise<MadePlan>;
  /** Which environment this is. */
  readonly detect: () => Promise<Detection>;
  /** What the configuration calls it. */
  readonly environment: string;
  readonly newId: () => string;
  readonly clock: Clock;
  /** Hears of every run while it goes on. */
  readonly onNotice?: (notice: RunNotice) => void;
}

export interface PlanEntry {
  readonly id: string;
  readonly digest: string;
  readonly plan: Plan;
}

export interface StartRequest {
  readonly plan: string;
  readonly digest: string;
  readonly by: string;
  readonly dryRun: boolean;
  readonly approvals: readonly string[];
  /** Named by a person where it is production, or is not known. */
  readonly approvedEnvironment?: string | undefined;
}

/** A page of a list; `more`: there are older ones. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly more: boolean;
}

/** What the journal says of a run, and whether it goes on now, here or in another process. */
export type RunNow = RunStatus & { readonly goesOn: boolean };

export type PreviewedRollback =
  | { readonly kind: "previewed"; readonly steps: readonly RollbackPreview[] }
  | DeskRefusal;

export interface TakeOverRequest {
  readonly runId: string;
  readonly to: "rollback" | "resume";
  readonly by: string;
  readonly approvedEnvironment?: string | undefined;
}

export type DeskRefusalCode =
  | RefusalCode
  | "PLAN_NOT_FOUND"
  | "ENVIRONMENT_MISMATCH"
  | "ENVIRONMENT_NOT_APPROVED"
  | "CLOSING";

export interface DeskRefusal {
  readonly kind: "refused";
  readonly code: DeskRefusalCode;
  readonly because: string;
  readonly steps: readonly StepReport[];
  /** Who has the environment. */
  readonly holder?: { readonly runId: string; readonly by: string; readonly startedAt: number };
}

export type Started =
  /** It goes on by itself. */
  | { readonly kind: "started"; readonly runId: string }
  /** It is over: a dry run, or one that ended at once. */
  | { readonly kind: "over"; readonly result: Exclude<RunResult, { kind: "refused" }> }
  | DeskRefusal;

/** Where people and programs ask for plans and runs over HTTP. Rejects with `StoreError` alone. */
export interface Desk {
  /** Those in the store, the newest first. Undefined where there is none with the id `before`. */
  plans(page: PageQuery): Promise<Page<PlanEntry> | undefined>;
  makePlan(subject: string): Promise<MadePlan>;
  plan(id: string): Promise<PlanEntry | undefined>;
  /** Answers as soon as it is known whether the run begins. */
  start(request: StartRequest): Promise<Started>;
  takeOver(request: TakeOverRequest): Promise<Started>;
  /** What a rollback would look at and take back; changes nothing. */
  previewRollback(runId: string): Promise<PreviewedRollback>;
  /** Those in the store, the newest first. Undefined where there is none with the id `before`. */
  runs(page: PageQuery): Promise<Page<RunSummary> | undefined>;
  status(runId: string): Promise<RunNow>;
  /** Stops runs before their next change, and closes what was opened. */
  close(): Promise<void>;
}
