/** findings: what is wrong in configuration, context or code: one table of codes, and what was found with its evidence. */
import type { FindingCode } from "./table.ts";

/** `error` makes a suite's verdict `stop` in strict mode; `warning` and `note` are told. */
export type Severity = "error" | "warning" | "note";

/** Who can mend it: the people to ask first. */
export type FindingOwner = "configuration" | "platform" | "security" | "test-data" | "suite" | "greenlight";

/** Where it is. A file is named relative to the folder that was looked at, with `/`. */
export type Place =
  | { readonly kind: "file"; readonly file: string; readonly line?: number; readonly column?: number }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "dependency"; readonly name: string }
  | { readonly kind: "source"; readonly name: string };

/** One thing that is wrong. No field ever holds a secret: values are shown as fingerprints. */
export interface Finding {
  readonly code: FindingCode;
  /**
   * What a waiver names: the code and what it is about (`ENV_PLACEHOLDER:.env.staging:API_KEY`). The same fault has the
   * same id in every run and on every machine, so no line numbers and no times are in it.
   */
  readonly id: string;
  readonly severity: Severity;
  /** One sentence. */
  readonly message: string;
  readonly place?: Place;
  /** Facts that prove it, most telling first. */
  readonly evidence: readonly string[];
  readonly owner: FindingOwner;
  /** Next steps, best first. */
  readonly remedies: readonly string[];
}
