import type { FindingOwner, Severity } from "./finding.ts";

/** What the table knows of a code. */
export interface FindingDefinition {
  readonly title: string;
  readonly severity: Severity;
  readonly owner: FindingOwner;
  readonly explanation: string;
  /** Next steps, best first; `{subject}`, `{file}` and what the finder hands over are filled in. */
  readonly remedies: readonly string[];
}

/** Keeps the codes of a table as they are written. */
export const defineFindings = <const T extends Record<string, FindingDefinition>>(table: T): Readonly<T> =>
  table;
