import type { Figures } from "./figures.ts";
import type { Goal } from "./goal.ts";

/** What telling the environment may cost. */
export function contextGoals({ context }: Figures): readonly Goal[] {
  return [
    {
      what: "Telling the environment, added to a start that loads the configuration",
      unit: " ms",
      digits: 1,
      most: 5,
      value: context?.addedMs.median,
    },
  ];
}
