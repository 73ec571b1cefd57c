import type { Change } from "../../services/remediation/action.ts";
import type { StepResult } from "../../services/remediation/journal.ts";

/** How often each kind of change stands in a plan, and what of it wants a person. */
export interface RemedyCounts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
  /** For a person to do. */
  readonly ask: number;
  readonly needApproval: number;
  readonly destructive: number;
}

export interface RemedyStep {
  readonly id: string;
  readonly title: string;
  readonly symbol: Change["symbol"];
  readonly target?: string;
  readonly needsApproval: boolean;
  readonly destructive: boolean;
  /** For a person's shell. */
  readonly command?: string;
  /** What was found of the world: `needed`, `satisfied`, `refused`, `unknown`; and why. */
  readonly found?: { readonly kind: string; readonly because?: string };
  /** Whether the world may have been touched. */
  readonly begun: boolean;
  readonly result?: StepResult;
  /** What was checked afterwards, in the words of who checked. */
  readonly verified?: readonly string[];
}

export type RemedyOutcome =
  /** The plan was shown, and nobody confirmed it. */
  "shown" | "succeeded" | "rolled-back" | "failed" | "pending" | "refused" | "stopped";

/** What `apply`, `rollback` and `resume` answer with. */
export interface RemedyReport {
  readonly schemaVersion: 1;
  readonly command: "apply" | "rollback" | "resume";
  readonly exitCode: number;
  readonly outcome: RemedyOutcome;
  /** Of a refusal or a stop: `DIGEST_MISMATCH`, `ABORTED`. */
  readonly code?: string;
  readonly summary: string;
  readonly dryRun: boolean;
  readonly runId?: string;
  readonly plan?: {
    readonly id: string;
    readonly digest: string;
    readonly title: string;
    readonly environment: string;
  };
  readonly counts: RemedyCounts;
  readonly steps: readonly RemedyStep[];
  readonly nextSteps: readonly string[];
}
