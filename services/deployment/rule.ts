import type { Tree } from "../drift/tree.ts";
import type { DEPLOYMENT_FINDINGS } from "../findings/deployment-table.ts";

/** What a rule found, before it is known which file or service it was in. */
export interface Fault {
  readonly code: keyof typeof DEPLOYMENT_FINDINGS;
  /** What it is about within the service, the same in every run. */
  readonly about: string;
  readonly message: string;
  /** Where it stands. */
  readonly at?: Tree | undefined;
  readonly evidence?: readonly string[];
  readonly facts?: Readonly<Record<string, string>>;
}
