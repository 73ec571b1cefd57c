import type { Comparison } from "../../services/why/compare.ts";
import type { DependencyReport, NextStep } from "./report.ts";
import type { Verdict } from "../../services/gate/verdict.ts";

/** One dependency as seen from both places. */
export interface Compared {
  readonly dependency: string;
  readonly required: boolean;
  /** Absent where it is not configured. */
  readonly here: DependencyReport | undefined;
  readonly service: DependencyReport | undefined;
  readonly comparison: Comparison;
  readonly meaning: string;
  /** What to do, where the dependency itself is up. */
  readonly step: string | undefined;
}

/** The result of `check --both`. */
export interface BothReport {
  readonly schemaVersion: 1;
  readonly command: "check";
  readonly vantage: { readonly kind: "both"; readonly url: string };
  /** The worse of the two. */
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly summary: string;
  readonly dependencies: readonly Compared[];
  readonly nextSteps: readonly NextStep[];
}
