import type { DependencyOptions } from "../dependencies/options.ts";
import type { SuiteOptions } from "./suite.ts";

/**
 * Pure: how long nothing may be heard of any requirement before what was fit proves nothing any more, in ms. Something is
 * heard of the one that is observed most often, within an interval and the longest that one observation may take.
 */
export function longestGap({ requirements }: SuiteOptions, observed: readonly DependencyOptions[]): number {
  const names = new Set(requirements.map((each) => each.observed));
  const gaps = observed
    .filter(({ name }) => names.has(name))
    .map(({ intervalMs, deadlines }) => 2 * intervalMs + deadlines.totalMs);
  return gaps.length === 0 ? 0 : Math.min(...gaps);
}
