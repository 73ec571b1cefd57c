import type { SeenDependency } from "../../services/gate/seen.ts";
/** What the environment of a run was, as far as it can make a difference to tests; holds no secret and no time. */
export interface Fingerprint {
  readonly environment: string;
  /** Greenlight's own version, of whoever looked. */
  readonly greenlight: string;
  /** What is deployed there, where it was said (`--release`, GREENLIGHT_RELEASE). */
  readonly release?: string;
  /** The revision of the tests, as the CI system tells it. */
  readonly revision?: string;
  readonly dependencies: Readonly<Record<string, SeenDependency>>;
}
