import type { CheckStatus, DeploymentCheck } from "../../services/deployment/check.ts";
import type { Finding } from "../../services/findings/finding.ts";

/** What `check deployment` shows. */
export interface DeploymentReport {
  readonly schemaVersion: 1;
  readonly command: "check deployment";
  /** What was looked at: a file, or a service that runs. */
  readonly subject:
    | { readonly kind: "manifest"; readonly file: string; readonly services: readonly string[] }
    | {
        readonly kind: "service";
        readonly project: string;
        readonly region: string;
        readonly service: string;
        readonly revision?: string;
        readonly url?: string;
      };
  readonly status: CheckStatus;
  readonly exitCode: number;
  /** Empty for a manifest. */
  readonly checks: readonly DeploymentCheck[];
  readonly findings: readonly Finding[];
  readonly nextSteps: readonly string[];
}
