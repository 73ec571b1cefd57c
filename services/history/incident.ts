/** history: what was, and when: the intervals in which a dependency did not pass. */
import type { CauseView } from "../health/check.ts";

/** An interval in which a dependency did not pass. All times are wall-clock milliseconds of who observed it. */
export interface Incident {
  /** Unique among those of one observer. */
  readonly id: string;
  readonly dependency: string;
  readonly required: boolean;
  /** The worst it was: a warning, a failure, or not known. */
  readonly status: "warn" | "fail" | "unknown";
  /** The last moment at which it was seen to pass, where there was one: it broke between this and `startedAt`. */
  readonly lastPassAt?: number;
  readonly startedAt: number;
  /** Absent while it lasts. */
  readonly endedAt?: number;
  /** The last and most exact word on why. */
  readonly cause: Pick<CauseView, "code" | "title" | "message" | "rung" | "retryable" | "owner" | "remedies">;
  /** Every cause code that was seen during it, in order, each once. */
  readonly codes: readonly string[];
}
