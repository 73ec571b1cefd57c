/** policy: what an environment demands of its suites, the flags that say the same, and what of it is broken. */

/** What a policy makes of one dependency. */
export type Demand =
  /** Every suite needs it, whether or not the suite names it. */
  | "required"
  /** No suite is stopped by it; that it does not pass is told. */
  | "optional"
  /** It is not in the verdict; that it is not is told in every verdict. */
  | "ignored"
  /** It must not be configured there at all. */
  | "forbidden";

export const DEMANDS = ["required", "optional", "ignored", "forbidden"] as const satisfies readonly Demand[];

/** `enforce`: breaches are errors; `warn`: they are warnings, and no verdict changes; `off`: as if there were none. */
export type PolicyMode = "enforce" | "warn" | "off";

export const POLICY_MODES = ["enforce", "warn", "off"] as const satisfies readonly PolicyMode[];

/** What holds in one environment. */
export interface Policy {
  /** Exactly so: `staging` says nothing of `staging-eu`. */
  readonly environment: string;
  readonly mode: PolicyMode;
  /** By the name of a dependency, configured or not. */
  readonly requires: Readonly<Record<string, Demand>>;
  readonly allowMock: boolean;
  /** Undefined: the policy does not say. */
  readonly strict: boolean | undefined;
}

/** The policy of exactly this environment; there is at most one. */
export const policyFor = (policies: readonly Policy[], environment: string): Policy | undefined =>
  policies.find((policy) => policy.environment === environment);
