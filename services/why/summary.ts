import { lowerFirst } from "./diagnose.ts";
import type { Confidence } from "./root-cause.ts";

/** As much of a chain as its summary needs. */
export interface Summarised {
  readonly root: { readonly code: string; readonly title: string };
  readonly confidence: Confidence;
}

const SURENESS = { certain: "", likely: " This is likely, not certain.", none: "" } as const;

/** One sentence: the verdict on the suite, and the root cause to begin with. */
export function summariseChains(
  { suite, verdict }: { readonly suite: string; readonly verdict: string },
  chains: readonly Summarised[],
): string {
  const [first] = chains;
  const lead = `Suite ${suite} is ${verdict}`;
  if (first === undefined) return `${lead}: nothing stands in its way.`;
  const { code, title } = first.root;
  const more =
    chains.length > 1 ? ` and ${chains.length - 1} more ${chains.length === 2 ? "reason" : "reasons"}` : "";
  return `${lead}: ${lowerFirst(title)} (${code})${more}.${SURENESS[first.confidence]}`;
}

/** Whether a plan can do something about it without a person's hands. */
export const hasAction = (actions: readonly { readonly kind: string }[]): boolean =>
  actions.some(({ kind }) => kind !== "manual");
