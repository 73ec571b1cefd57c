/** gate: one way to look at a suite, whoever looks: this process, or a service that is asked. */
import type { SeenRequirement } from "../../services/gate/seen.ts";
import type { SuiteOptions } from "../../services/gate/suite.ts";
import type { Evaluation } from "../../services/gate/verdict.ts";
import type { Incident } from "../../services/history/incident.ts";
import type { Fingerprint } from "../views/fingerprint.ts";

/** What is known of a suite at one moment. */
export interface Seen {
  /** This machine's wall clock, in ms. */
  readonly at: number;
  readonly evaluation: Evaluation;
  readonly checks: readonly SeenRequirement[];
}

export type Vantage =
  | { readonly kind: "here" }
  | { readonly kind: "service"; readonly url: string }
  /** The service was lost; since then this process looks. */
  | { readonly kind: "here-since"; readonly url: string; readonly at: number };

export interface Listeners {
  /** Told each time something changed, and about once a second while nothing does. */
  readonly onSeen: (seen: Seen) => void;
  /** Told once for each trouble with the looking itself, such as a service that cannot be reached. */
  readonly onNote: (note: string) => void;
}

export interface WaitForOptions extends Listeners {
  /** Monotonic ms (`performance.now()`) at which the wait ends, whatever is known. */
  readonly deadlineAt: number;
  /** Default: the suite's own. */
  readonly stableMs?: number | undefined;
  /** Default: the suite's own. */
  readonly graceMs?: number | undefined;
  /** `unfit`: until a required dependency is seen to fail, instead of `go` or `stop`. Default `fit`. */
  readonly until?: "fit" | "unfit" | undefined;
  readonly signal: AbortSignal;
}

export interface FollowOptions extends Listeners {
  /**
   * Told once when the environment is no longer this run's own: the lease of `exclusive` was lost. The words say why.
   * Whoever runs a suite ends it then.
   */
  readonly onLeaseLost?: (reason: string) => void;
}

/**
 * Looks at one suite until it is closed. In this order: `waitFor` (or `look`), `follow` once if at all, then
 * `incidents` and `fingerprint`, then `close`, which is also due after any of them threw.
 */
export interface Watch {
  readonly suite: string;
  /** What the configuration here says of the suite; undefined where only the service knows it. */
  readonly options: SuiteOptions | undefined;
  vantage(): Vantage;
  /** Resolves with `go` or `stop`, or with what is known at the deadline. Throws `CliError` for what waiting cannot cure. */
  waitFor(options: WaitForOptions): Promise<Seen>;
  /** Looks at everything once and judges that, without any window or grace. Throws as `waitFor`. */
  look(signal: AbortSignal): Promise<Seen>;
  /** What was seen last; undefined before the first look. */
  latest(): Seen | undefined;
  /** Looks on in the background, about once a second, until `close`. Never throws: trouble is a note. */
  follow(options: FollowOptions): void;
  /** Incidents of what the suite requires that had not ended before `since`, in this machine's wall clock, oldest first. */
  incidents(since: number): Promise<readonly Incident[]>;
  fingerprint(): Promise<Fingerprint>;
  /** Ends all looking, gives up a lease, and closes every connection. Never throws, and takes 2 s at most. */
  close(): Promise<void>;
}
