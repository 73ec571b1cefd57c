/** One code of a finding, as shown. */
export interface FindingEntry {
  readonly code: string;
  readonly title: string;
  /** What it is about. */
  readonly area: string;
  readonly severity: "error" | "warning" | "note";
  /** Whether it can show at the gate, and a waiver can accept it there. */
  readonly atGate: boolean;
  readonly waivable: boolean;
  readonly owner: string;
  readonly explanation: string;
  readonly remedies: readonly string[];
}
