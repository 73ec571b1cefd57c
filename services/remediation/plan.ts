import type { Change, Json } from "./action.ts";
import type { VerifierCall } from "./verifier.ts";

export type Priority = "P0" | "P1" | "P2";
export type Risk = "low" | "medium" | "high";

/** One action in a plan. */
export interface Step {
  /** `[a-z0-9-]`, unique in the plan. */
  readonly id: string;
  readonly title: string;
  readonly priority: Priority;
  /** Shown together; steps of a later phase need all of the earlier ones. From 1. */
  readonly phase: number;
  readonly estimateMs: number;
  /** Ids of steps that must be done before. */
  readonly needs: readonly string[];
  readonly action: { readonly kind: string; readonly params: Json };
  /** What the change was when the plan was made; absent in a plan written by hand. */
  readonly change?: Change;
  /** Hold after the step, in order; the first that does not rolls back. */
  readonly verify: readonly VerifierCall[];
  readonly rollback:
    | { readonly kind: "automatic" }
    | { readonly kind: "manual"; readonly instructions: string }
    | { readonly kind: "none"; readonly because: string };
  readonly risk: Risk;
  /** Needs a person's approval by name, beside the plan's digest. */
  readonly approval: boolean;
  readonly owner: string;
  /** Sentences for people; what is checked stands in `verify`. */
  readonly success: readonly string[];
  /** The equivalent for a person's shell. */
  readonly command?: string;
}

/** A remediation as data. */
export interface Plan {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly title: string;
  readonly environment: string;
  /** What it is to put right: a suite or a dependency. */
  readonly suite?: string;
  /** The whole may take so long, in ms. */
  readonly deadlineMs?: number;
  /** Why each step is there: the causal chain, one sentence each. */
  readonly because: readonly string[];
  readonly steps: readonly Step[];
}
