import type { Figures } from "./figures.ts";
import type { Goal } from "./goal.ts";
import { lintName } from "./parts/lint.ts";

/** What linting a large suite may cost. */
export function lintGoals({ lint }: Figures): readonly Goal[] {
  const own = lint?.times.find(({ name }) => name === lintName);
  return [
    {
      what: "greenlight lint over 10,000 files, to pytest --collect-only --strict-markers",
      unit: "×",
      digits: 2,
      most: 0.33,
      value: own?.toPytest.median,
    },
    {
      what: "The same: memory at most, all threads together",
      unit: " MiB",
      digits: 0,
      most: 600,
      value: own?.peakMiB,
    },
  ];
}
