import type { Detection } from "../../services/context/detect.ts";
import type { Finding } from "../../services/findings/finding.ts";

/** What `context` shows; holds no value of a variable. */
export interface ContextReport extends Detection {
  readonly schemaVersion: 1;
  readonly command: "context";
  readonly exitCode: number;
  /** The worst first. */
  readonly findings: readonly (Finding & {
    /** The last day of the waiver that covers it. */
    readonly waivedUntil?: string;
  })[];
  readonly nextSteps: readonly string[];
}
