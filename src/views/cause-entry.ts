import type { Rung } from "../../services/causes.ts";

/** One row of the table of causes, as shown. */
export interface CauseEntry {
  readonly code: string;
  readonly title: string;
  /** Null: the rung at which it was met. */
  readonly rung: Rung | null;
  readonly status: "warn" | "fail";
  readonly retryable: boolean;
  readonly owner: string;
  readonly explanation: string;
  readonly remedies: readonly string[];
}
