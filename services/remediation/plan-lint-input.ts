import type { Action } from "./action.ts";
import type { PlacedNode, PlacedStep } from "./plan-check.ts";

/** What the rules judge. */
export interface LintInput {
  readonly steps: readonly PlacedStep[];
  /** All steps that have an id, those that are broken too. */
  readonly nodes: readonly PlacedNode[];
  readonly deadlineMs?: number;
  readonly actions: readonly Action[];
}
