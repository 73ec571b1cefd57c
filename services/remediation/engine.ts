import type { Clock } from "../clock.ts";
import type { Redact } from "../redact.ts";
import type { Action, Assessment, Capabilities, Permission } from "./action.ts";
import type { JournalEvent, JournalStore, RunOutcome, RunSummary, StepResult } from "./journal.ts";
import type { Plan } from "./plan.ts";
import type { Verify } from "./verifier.ts";

export interface EngineOptions {
  readonly store: JournalStore;
  /** All that a plan may ask for. */
  readonly actions: readonly Action[];
  readonly capabilities: Capabilities;
  readonly verify: Verify;
  readonly clock: Clock;
  /** An action that was begun so often and did not succeed since is left to a person. */
  readonly attempts: number;
  /** Of runs and of lock holders; never the same twice, over restarts too. */
  readonly newId: () => string;
  /** The digest that whoever confirms has seen. */
  readonly digestOf: (plan: Plan) => string;
  /** Over every sentence that is journalled or told. */
  readonly redact: Redact;
  /** Which of the permissions are not held; asked before the first change. Absent: nothing is asked. */
  readonly preflight?: (permissions: readonly Permission[], signal: AbortSignal) => Promise<Preflight>;
  readonly limits?: Partial<EngineLimits>;
}

export type Preflight =
  | { readonly kind: "held" }
  | { readonly kind: "missing"; readonly permissions: readonly Permission[] }
  /** It could not be asked; nothing is begun. */
  | { readonly kind: "unknown"; readonly because: string };

/** All in ms. */
export interface EngineLimits {
  /** The lock of an environment; renewed three times as often. After a crash it stands in the way for so long. */
  readonly leaseMs: number;
  /** One assessment, or one look at where the world is. */
  readonly assessMs: number;
  /** One call of `apply` or `rollback`. */
  readonly applyMs: number;
  /** How long a change may be pending before the run ends as `pending`; longer where the step's estimate is. */
  readonly settleMs: number;
  /** One verifier, where the call does not say. */
  readonly verifyMs: number;
  /** Between two looks at what is pending. */
  readonly pollMs: number;
  /** What does not end when it is told to is left behind after so long, and the run stops. */
  readonly graceMs: number;
}

export interface ApplyOptions {
  readonly plan: Plan;
  /** That of the plan that was shown. */
  readonly digest: string;
  readonly by: string;
  /** Ids of the steps that a person approved by name. */
  readonly approvals: readonly string[];
  /** Assesses and shows everything, and changes nothing but the journal. */
  readonly dryRun: boolean;
  /** Stops the run before its next change; what was done stays, and can be finished or taken back. */
  readonly signal: AbortSignal;
  readonly onEvent?: (notice: RunNotice) => void;
  /** Default: `newId()`. Given by whoever has to name the run before it begins. */
  readonly runId?: string;
}

export interface TakeOverOptions {
  readonly runId: string;
  readonly by: string;
  readonly signal: AbortSignal;
  readonly onEvent?: (notice: RunNotice) => void;
}

/** Told while it happens. A callback that throws is not heard again. */
export type RunNotice =
  /** It is in the journal. */
  | { readonly kind: "journalled"; readonly runId: string; readonly event: JournalEvent }
  /** Nothing is wrong; it takes time. */
  | { readonly kind: "waiting"; readonly runId: string; readonly step?: string; readonly because: string };

/** What a step came to; without `result` the journal does not know, and neither does anybody else. */
export interface StepReport {
  readonly id: string;
  readonly title: string;
  /** What was found, in a dry run or when the run was refused. */
  readonly assessment?: Assessment;
  /** Whether the world may have been touched. */
  readonly begun: boolean;
  readonly result?: StepResult;
}

export type RefusalCode =
  | "DIGEST_MISMATCH"
  /** A step asks for an action or parameters that do not exist. */
  | "PLAN_INVALID"
  | "NOT_APPROVED"
  | "PERMISSION_MISSING"
  | "ATTEMPTS_EXHAUSTED"
  /** The world is not what it was when the plan was made. */
  | "WORLD_MOVED"
  /** A step cannot be done, or is the wrong remedy. */
  | "STEP_REFUSED"
  /** Nobody can tell what the world is. */
  | "WORLD_UNKNOWN"
  | "LOCKED"
  /** A run of this environment was stopped in the middle: it comes first. */
  | "RUN_UNFINISHED"
  | "RUN_NOT_FOUND"
  /** There is nothing to finish, or nothing to take back. */
  | "RUN_ENDED"
  | "STORE_UNAVAILABLE"
  | "ABORTED";

export type StopCode =
  | "STORE_LOST"
  | "LEASE_LOST"
  | "ABORTED"
  /** Where the world is could not be found out. */
  | "POSITION_UNKNOWN"
  /** An action did not end when it was told to. */
  | "UNRESPONSIVE";

/** Never thrown. */
export type RunResult =
  /** The journal has the last word of it. `dryRun`: nothing was touched. */
  | {
      readonly kind: "ended";
      readonly runId: string;
      readonly dryRun: boolean;
      readonly outcome: RunOutcome;
      readonly summary: string;
      readonly steps: readonly StepReport[];
    }
  /** Nothing was touched. */
  | {
      readonly kind: "refused";
      readonly code: RefusalCode;
      readonly because: string;
      /** Of the steps that stand in the way, where it is about steps. */
      readonly steps: readonly StepReport[];
    }
  /** It ended in the middle, before its next change; `resume` finishes it, `rollback` takes it back. */
  | {
      readonly kind: "stopped";
      readonly runId: string;
      readonly code: StopCode;
      readonly because: string;
      readonly steps: readonly StepReport[];
    };

/** What the journal says of a run. */
export type RunStatus =
  | {
      readonly kind: "known";
      readonly run: RunSummary;
      readonly plan: Plan;
      readonly dryRun: boolean;
      readonly summary?: string;
      readonly steps: readonly StepReport[];
      readonly events: readonly JournalEvent[];
    }
  | { readonly kind: "not-found" }
  | { readonly kind: "unavailable"; readonly because: string };

/** Applies plans, one at a time per environment. No method rejects. */
export interface Engine {
  apply(options: ApplyOptions): Promise<RunResult>;
  /** Takes back what the run did, newest first, from the journal alone. */
  rollback(options: TakeOverOptions): Promise<RunResult>;
  /** Finishes what was begun: forward, or back when it was on its way back. */
  resume(options: TakeOverOptions): Promise<RunResult>;
  status(runId: string): Promise<RunStatus>;
}
