import type { Figures } from "./figures.ts";
import type { Goal } from "./goal.ts";
import type { Spread } from "./statistics.ts";
import { deadlineMs } from "./parts/discovery.ts";
import { openName, unreadName } from "./parts/access.ts";

/** What proof of who asks may cost, one goal for each mode and number of connections. */
export function accessGoals({ access }: Figures): readonly Goal[] {
  const guarded = access?.filter(({ name }) => ![openName, unreadName].includes(name)) ?? [];
  const what = "Rate with a verified, cached token to mode none";
  if (guarded.length === 0) return [{ what, unit: " ×", digits: 2, least: 0.9, value: undefined }];
  return guarded.flatMap(({ name, connections, toNone, toSameBytes, bad }) => {
    const goal = (beside: string, { median }: Spread): Goal => ({
      unit: " ×",
      digits: 2,
      least: 0.9,
      what: `${what}${beside}: ${name}, ${connections} connections`,
      // Refusals are quicker than answers; a rate that holds some is none.
      value: bad > 0 ? 0 : median,
      remark: bad > 0 ? `${bad} requests were refused` : undefined,
    });
    return toSameBytes === undefined
      ? [goal("", toNone)]
      : [goal("", toNone), goal(" that is sent the same bytes", toSameBytes)];
  });
}

/** How a caller fares while candidates are silent. */
export function discoveryGoals({ discovery }: Figures): readonly Goal[] {
  const ms = { unit: " ms", digits: 0 } as const;
  return [
    {
      ...ms,
      what: "Discovery of four candidates, three blackholed: the fourth serves after",
      most: deadlineMs,
      value: discovery?.firstMs,
    },
    {
      ...ms,
      what: "From then on, slowest answer of /health/auth",
      most: 20,
      value: discovery?.slowestMs,
    },
    {
      what: "From then on, answers other than 200",
      unit: "",
      digits: 0,
      most: 0,
      value: discovery?.notOk,
    },
  ];
}
