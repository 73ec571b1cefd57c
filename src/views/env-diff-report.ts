import type { Dialect } from "../../services/env-files/dialect.ts";
import type { KeyDifference } from "../../services/env-files/diff.ts";
import type { FileFault } from "./env-explain-report.ts";

/** What was compared. */
export type ComparedSide =
  | { readonly kind: "file"; readonly file: string; readonly dialect: Dialect }
  | { readonly kind: "process" };

export interface DiffRow {
  readonly key: string;
  readonly kind: KeyDifference["kind"];
  /** Fingerprints; absent where there is no value. */
  readonly a?: string;
  readonly b?: string;
  readonly aLine?: number;
  readonly bLine?: number;
  /** For `read-differently`: the dialects to which the two are not the same. */
  readonly dialects?: readonly Dialect[];
}

/** What `config diff` shows. Values are fingerprints. */
export type EnvDiffReport =
  | {
      readonly schemaVersion: 1;
      readonly command: "config diff";
      readonly ok: true;
      readonly equal: boolean;
      readonly a: ComparedSide;
      readonly b: ComparedSide;
      /** The key of the fingerprints; absent: they hold for this output alone. */
      readonly fingerprintKey?: string;
      /** Sorted by key. */
      readonly keys: readonly DiffRow[];
      readonly same: number;
      /** Variables of the process that the file does not have. */
      readonly notCompared: number;
      readonly faults: readonly FileFault[];
    }
  | {
      readonly schemaVersion: 1;
      readonly command: "config diff";
      readonly ok: false;
      /** Why they cannot be compared. */
      readonly fileFaults: readonly FileFault[];
    };
