import type { EnvFault } from "../../services/env-files/env-file.ts";
import type { Dialect } from "../../services/env-files/dialect.ts";
import type { ExplainedKey } from "../../services/env-files/explain.ts";

/** A fault, and the file it is in. */
export interface FileFault extends EnvFault {
  readonly file: string;
}

export interface LayerRow {
  readonly path: string;
  readonly dialect: Dialect;
  readonly state: "read" | "refused" | "unreadable" | "absent";
  /** How many keys it has. */
  readonly keys?: number;
  /** The file that extends it, where it was not declared. */
  readonly extendedBy?: string;
}

/** What Greenlight itself does with the variable. */
export interface KeyMeaning {
  /** The key of greenlight.yaml that it sets, where it sets one. */
  readonly path?: string;
  readonly meaning: string;
  readonly type?: string;
}

/** What `config explain` shows. Values are fingerprints. */
export type EnvExplainReport = {
  readonly schemaVersion: 1;
  readonly command: "config explain";
  readonly ok: true;
  readonly environment: string;
  /** The key of the fingerprints; absent: they hold for this output alone. */
  readonly fingerprintKey?: string;
  /** Lowest first; the process is above all of them. */
  readonly layers: readonly LayerRow[];
  readonly meaning?: KeyMeaning;
  /** Every fault of every layer. */
  readonly faults: readonly FileFault[];
  readonly nextSteps: readonly string[];
} & ExplainedKey;
