import type { CheckOptions, PlacedNode, PlacedStep } from "./plan-check.ts";

/** What the rules judge. */
export interface LintInput extends CheckOptions {
  readonly steps: readonly PlacedStep[];
  /** All steps that have an id, those that are broken too. */
  readonly nodes: readonly PlacedNode[];
  readonly deadlineMs?: number;
}
