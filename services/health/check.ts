/** health: what is known of all dependencies at one moment, summarised, as an immutable snapshot and as bytes. */
import type { CauseCode, Rung } from "../causes.ts";
import type { BreakerState } from "../probe/breaker.ts";
import type { Target } from "../dependencies/dependency.ts";
import type { Assurance } from "../dependencies/options.ts";
import type { RungResult, Status } from "../probe/observation.ts";

/** A cause with the table's knowledge and the remedies filled in: what a reader is shown. */
export interface CauseView {
  readonly code: CauseCode;
  readonly title: string;
  readonly message: string;
  readonly explanation: string;
  readonly rung: Rung;
  readonly retryable: boolean;
  readonly owner: string;
  readonly evidence?: string;
  readonly remedies: readonly string[];
}

/** Where a dependency is, as far as a reader is shown. */
export type Whereabouts = Pick<Target, "host" | "port" | "user" | "database">;

/** One of several servers that may serve. `unknown`: it was not waited for, or its check itself failed. */
export interface CandidateCheck {
  readonly name: string;
  readonly kind: Assurance;
  readonly status: Status | "unknown";
  readonly serves: boolean;
  readonly cause?: CauseView;
  /** Present when its ladder was climbed. */
  readonly rungs?: readonly RungResult[];
}

/** Who serves, and what was found of each that may. */
export interface DiscoveryCheck {
  readonly serving?: { readonly name: string; readonly assurance: Assurance };
  readonly candidates: readonly CandidateCheck[];
}

/** One dependency inside a snapshot. `unknown`: the check itself failed, which says nothing about the dependency. */
export interface Check {
  readonly name: string;
  readonly kind: string;
  readonly required: boolean;
  readonly status: Status | "unknown";
  /** Milliseconds of the last observation; absent before the first. */
  readonly durationMs?: number;
  /** Wall-clock milliseconds of the last observation. */
  readonly at?: number;
  readonly cause?: CauseView;
  readonly rungs?: readonly RungResult[];
  /** Where one of several servers is to serve. */
  readonly discovery?: DiscoveryCheck;
  /** What the server says of itself, such as `PostgreSQL 18.1`; while it does not answer, what it said last. */
  readonly version?: string;
  /** Absent while the driver is loading. */
  readonly target?: Whereabouts;
  readonly breaker: BreakerState;
  readonly stale: boolean;
  /** Milliseconds since the last try, whatever it was. */
  readonly ageMs: number;
  /** Milliseconds until the next try. */
  readonly nextTryInMs: number;
  /** For how many milliseconds the next try has been due; a little while one is under way. */
  readonly overdueMs: number;
}
