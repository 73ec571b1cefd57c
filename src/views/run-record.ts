import type { SeenRequirement } from "../../services/gate/seen.ts";
import type { Evaluation, Verdict } from "../../services/gate/verdict.ts";
import type { Incident } from "../../services/history/incident.ts";
import type { TriageResult } from "../../services/triage/result.ts";
import type { Vantage } from "../gate/watch.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** How a run ended, and so its exit code. */
export type RunOutcome =
  /** The suite passed in a fit environment. */
  | "passed"
  /** Tests failed that are not proven to be the environment's fault; the child's own code. */
  | "failed"
  /** Every failure is attributed to the environment; 75. */
  | "environment"
  /** The environment did not become fit, or it could not be told; 75. */
  | "not-fit-in-time"
  /** Waiting will not help; 69. */
  | "unfit"
  /** `--abort-on-unfit` ended the suite; 75. */
  | "aborted"
  /** No test was executed; 76. */
  | "no-tests"
  /** The command could not be started, or was ended by a signal: 126, 127, 128 + n. */
  | "not-run"
  /** `--dry-run`: nothing was started. */
  | "dry-run";

/** One `greenlight run` (or `wait`), whole: what every report is made of. All times are wall-clock ms. */
export interface RunRecord {
  readonly schemaVersion: 1;
  readonly command: "wait" | "run";
  readonly suite: string;
  readonly outcome: RunOutcome;
  readonly exitCode: number;
  /** One sentence: the verdict. */
  readonly summary: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly vantage: Vantage;
  readonly gate: {
    readonly verdict: Verdict;
    readonly waitedMs: number;
    readonly evaluation: Evaluation;
    readonly checks: readonly SeenRequirement[];
  };
  /** Absent for `wait`, and when the suite was not started. */
  readonly child?: {
    /** As given; secrets masked. */
    readonly command: readonly string[];
    readonly startedAt: number;
    readonly endedAt: number;
    /** Null when a signal ended it. */
    readonly exitCode: number | null;
    readonly signal?: string;
  };
  /** Of what the suite requires, while it ran. */
  readonly incidents: readonly Incident[];
  /** Absent where no report of the tests was found. */
  readonly triage?: TriageResult;
  /** Files of the tests' own reports, as found. */
  readonly junit: readonly string[];
  readonly fingerprint: Fingerprint;
  /** What a reader should know of how this came to be, such as a service that was lost. */
  readonly notes: readonly string[];
  readonly nextSteps: readonly string[];
}
