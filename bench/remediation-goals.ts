import type { Figures } from "./figures.ts";
import type { Goal } from "./goal.ts";

/** What planning, journalling and explaining may cost. */
export function remediationGoals({ remediation }: Figures): readonly Goal[] {
  const ms = { unit: " ms", digits: 1 } as const;
  return [
    {
      ...ms,
      what: "A plan from a catalogue of 40 steps, without network",
      most: 300,
      value: remediation?.planMs.median,
    },
    {
      ...ms,
      what: "One event in the journal, on SQLite",
      digits: 2,
      most: 2,
      value: remediation?.appendMs.median,
    },
    { ...ms, what: "Why, from a warm snapshot", most: 50, value: remediation?.whyMs.median },
  ];
}
