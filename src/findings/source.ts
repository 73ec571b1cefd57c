/** findings: gathers what the domain judges: files, variables, servers; one source for each area. */
import type { Finding } from "../../services/findings/finding.ts";

/** One area that is looked at again and again: by the service at intervals, by the command line once. */
export interface FindingSource {
  readonly name: "context" | "environment" | "policy" | "drift" | "waivers";
  /** Never throws for what a user wrote: what cannot be read is a finding too. */
  collect(signal: AbortSignal): Promise<readonly Finding[]>;
}
