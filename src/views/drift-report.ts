import type { Finding, Place } from "../../services/findings/finding.ts";

/** One difference between the baseline and what is configured; entries are fingerprints or references, never values. */
export interface DriftChange {
  readonly kind: "changed" | "added" | "removed" | "renamed" | "source-added" | "source-removed";
  /** What names it in commands. */
  readonly subject: string;
  readonly source: string;
  /** Absent where it is a whole source. */
  readonly key?: string;
  readonly before?: string;
  readonly after?: string;
  /** What it was called before. */
  readonly from?: string;
  /** Keys of a whole source. */
  readonly keys?: number;
  readonly place?: Place;
}

interface DriftBase {
  readonly schemaVersion: 1;
  /** The file of the baseline, as it was named. */
  readonly baseline: string;
  readonly changes: readonly DriftChange[];
  /** Why something, or all of it, could not be compared. */
  readonly troubles: readonly Finding[];
}

/** What `config drift` shows. */
export interface DriftReport extends DriftBase {
  readonly command: "config drift";
  /** `unknown`: nothing could be compared, or not all of it and the rest is the same. */
  readonly verdict: "same" | "drift" | "unknown";
  readonly nextSteps: readonly string[];
}

/** What `config baseline` shows; the changes are those since the baseline that was there. */
export interface BaselineReport extends DriftBase {
  readonly command: "config baseline";
  readonly written: boolean;
  /** Tells which key the fingerprints were made with. */
  readonly keyId: string;
  readonly sources: readonly { readonly source: string; readonly keys: number }[];
  readonly nextSteps: readonly string[];
}

/** What `config drift accept` shows; the changes are those that were accepted. */
export interface AcceptReport extends DriftBase {
  readonly command: "config drift accept";
  readonly dryRun: boolean;
  readonly written: boolean;
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  /** Changes that are left. */
  readonly left: number;
}

/** What is known of one key. */
export interface ExplainedKey {
  readonly subject: string;
  readonly source: string;
  readonly key: string;
  readonly status: "same" | "changed" | "added" | "removed" | "renamed" | "ignored" | "unknown";
  readonly before?: string;
  readonly after?: string;
  /** What it was called before, or is called now. */
  readonly other?: string;
  /** Why it is ignored. */
  readonly reason?: string;
  readonly place?: Place;
  /** When its file was last written, ISO 8601. */
  readonly fileWrittenAt?: string;
  /** Who committed its entry to the baseline, and when. */
  readonly committed?: { readonly at: string; readonly by: string };
  readonly accepted: readonly {
    readonly at: string;
    readonly by: string;
    readonly reason: string;
    readonly change: string;
  }[];
  readonly usedBy: readonly string[];
}

/** What `config drift explain` shows. */
export interface ExplainReport {
  readonly schemaVersion: 1;
  readonly command: "config drift explain";
  readonly baseline: string;
  readonly keys: readonly ExplainedKey[];
}
