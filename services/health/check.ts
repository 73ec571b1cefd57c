/** health: what is known of all dependencies at one moment, summarised, as an immutable snapshot and as bytes. */
import type { CauseCode, Rung } from "../causes.ts";
import type { BreakerState } from "../probe/breaker.ts";
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
  readonly breaker: BreakerState;
  readonly stale: boolean;
  /** Milliseconds since the last try, whatever it was. */
  readonly ageMs: number;
  /** Milliseconds until the next try. */
  readonly nextTryInMs: number;
}
