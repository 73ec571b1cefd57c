import type { Finding } from "../findings/finding.ts";
import type { CauseView } from "../health/check.ts";
import type { JudgedWaiver } from "../waivers/judge.ts";
import type { Requirement } from "./suite.ts";

/** The gate's answer: `wait` may recover by itself, `stop` will not until somebody acts, `inconclusive` cannot be told. */
export type Verdict = "go" | "wait" | "stop" | "inconclusive";

/** Why a verdict is not a plain `go`, or what is worth a note beside one. */
export interface Reason {
  readonly code: ReasonCode;
  /** Absent for what concerns the suite as a whole. */
  readonly dependency?: string;
  readonly level: Requirement["level"];
  /** `blocks`: no `go` while it lasts; `notes`: told, and nothing more. */
  readonly effect: "blocks" | "notes";
  /** Whether waiting may cure it. */
  readonly curable: boolean;
  /** One sentence, without a secret. */
  readonly message: string;
  /** What the dependency's check says, where it does not pass. */
  readonly cause?: CauseView;
  /** Of `FINDING`: what was found. */
  readonly finding?: Finding;
}

/** A finding that somebody has accepted for a time. */
export type ActiveWaiver = Pick<JudgedWaiver, "finding" | "reason" | "owner" | "expires" | "daysLeft">;

export type ReasonCode =
  /** The dependency does not pass; `cause` says why. */
  | "NOT_FIT"
  /** It passes with a warning. */
  | "WARNING"
  /** One observation failed, and it has not been confirmed. */
  | "SUSPECT"
  /** Nothing has been observed yet. */
  | "NOT_OBSERVED"
  /** The last word is too old, or the check itself failed. */
  | "UNKNOWN"
  /** The suite requires it, and nothing observes it. */
  | "NOT_CONFIGURED"
  /** What serves proves less than the suite asks for. */
  | "ASSURANCE_TOO_LOW"
  /** All is fit, and has not been for long enough. */
  | "SETTLING"
  /** An operator holds the suite. */
  | "HELD"
  /** Holds and leases from before this process have not been read from the store. */
  | "STANDING_UNREAD"
  /** Another run has the environment for itself. */
  | "LEASED"
  /** A credential of the run's own is missing, or does not live as long as the suite takes. */
  | "CREDENTIAL"
  /** Something is wrong in configuration, context or code, or has not been looked at yet; `finding` says what. */
  | "FINDING"
  /** The policy of the environment makes something milder than the suite has it. */
  | "POLICY"
  /** The service is stopping, so nobody watches any more. */
  | "DRAINING";

/** What is known of a suite at one moment. */
export interface Evaluation {
  readonly suite: string;
  readonly verdict: Verdict;
  /** All requirements are fit at this moment, whether or not for long enough. */
  readonly fit: boolean;
  /** For how long all have been fit together, in ms; 0 while they are not. */
  readonly stableForMs: number;
  /** For how long they must be, in ms. */
  readonly stableMs: number;
  /** Those that block first, then in the order of the requirements. */
  readonly reasons: readonly Reason[];
  /** Findings could stop it; absent where they are told and no more. */
  readonly strict?: true;
  /** Findings that are accepted for now; absent where there is none. */
  readonly waivers?: readonly ActiveWaiver[];
}
