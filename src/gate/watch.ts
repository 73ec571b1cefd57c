/** gate: one way to look at a suite, whoever looks: this process, or a service that is asked. */
import type { Evaluation } from "../../services/gate/verdict.ts";
import type { Incident } from "../../services/history/incident.ts";
import type { Fingerprint } from "../views/fingerprint.ts";

/** One requirement as it was seen, for tables. */
export interface SeenCheck {
  readonly dependency: string;
  readonly status: "pass" | "warn" | "fail" | "unknown";
  readonly level: "required" | "optional";
  readonly cause?: string;
  readonly rung?: string;
  readonly durationMs?: number;
  /** Who serves, where one of several may. */
  readonly serving?: string;
}

/** What is known of a suite at one moment. */
export interface Seen {
  /** This machine's wall clock, in ms. */
  readonly at: number;
  readonly evaluation: Evaluation;
  readonly checks: readonly SeenCheck[];
}

export type Vantage =
  | { readonly kind: "here" }
  | { readonly kind: "service"; readonly url: string }
  /** The service was lost; since then this process looks. */
  | { readonly kind: "here-since"; readonly url: string; readonly at: number };

export interface WaitForOptions {
  /** Monotonic ms at which the wait ends, whatever is known. */
  readonly deadlineAt: number;
  readonly stableMs?: number | undefined;
  readonly graceMs?: number | undefined;
  /** Told each time something changed, and now and then while nothing does. */
  readonly onSeen: (seen: Seen) => void;
  /** Told once for each trouble with the looking itself, such as a service that cannot be reached. */
  readonly onNote: (note: string) => void;
  readonly signal: AbortSignal;
}

/** Looks at one suite until it is closed. */
export interface Watch {
  readonly suite: string;
  vantage(): Vantage;
  /** Resolves with `go` or `stop`, or with what is known at the deadline. Throws `CliError` for what waiting cannot cure. */
  waitFor(options: WaitForOptions): Promise<Seen>;
  /** What was seen last; undefined before the first look. */
  latest(): Seen | undefined;
  /** Looks on in the background, about once a second, until `close`; `onSeen` hears every look. */
  follow(options: Pick<WaitForOptions, "onSeen" | "onNote">): void;
  /** Incidents of what the suite requires that had not ended before `since`, in this machine's wall clock, oldest first. */
  incidents(since: number): Promise<readonly Incident[]>;
  fingerprint(): Promise<Fingerprint>;
  /** Ends all looking, gives up a lease, and closes every connection. */
  close(): Promise<void>;
}
