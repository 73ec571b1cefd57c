/** gate: whether a suite may start, judged from what is known of all it requires at one moment; who waits, holds and leases. */
import type { Assurance } from "../dependencies/options.ts";

/** One thing that a suite requires. */
export interface Requirement {
  /** What a reader calls it: the name in the configuration. */
  readonly dependency: string;
  /** Under which name it is observed: its own where the suite expects more of its content than the environment does. */
  readonly observed: string;
  /** What is optional never stops a suite; that it does not pass is told. */
  readonly level: "required" | "optional";
  /** The least that a pass must prove about the real service: `real` before `emulator` before `mock`. */
  readonly assurance: Assurance;
}

/** A credential of the suite's own, which must live as long as the suite runs. */
export interface CredentialRequirement {
  /** The environment variable of the test run that holds it, as a JWT. */
  readonly variable: string;
}

/** A named set of tests and what it requires. */
export interface SuiteOptions {
  readonly name: string;
  /** At least one; each dependency once. */
  readonly requirements: readonly Requirement[];
  /** How long all must have been fit at the same moment before it is `go`, in ms. */
  readonly stableMs: number;
  /** For this long after a wait begins, causes that waiting cannot cure are waited for too, in ms. */
  readonly graceMs: number;
  /** How long the suite takes, in ms; credentials must live as long. */
  readonly expectedMs?: number;
  readonly credentials: readonly CredentialRequirement[];
  /** What the policy of the environment made milder, one sentence each; told in every verdict. Default: nothing. */
  readonly notes?: readonly string[];
}
