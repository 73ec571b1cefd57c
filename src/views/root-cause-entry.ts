/** One code of a root cause, as shown. */
export interface RootCauseEntry {
  readonly code: string;
  readonly title: string;
  readonly owner: string;
  readonly explanation: string;
  readonly remedies: readonly string[];
  /** Kinds of what a plan may do about it. */
  readonly actions: readonly string[];
}
