import type { Figures } from "./figures.ts";
import type { Goal } from "./goal.ts";
import { runName, waitName } from "./parts/gate/commands.ts";

/** What the gate may cost. */
export function gateGoals({ gate }: Figures): readonly Goal[] {
  const of = (wanted: string) => gate?.commands.find(({ name }) => name === wanted);
  const ms = { unit: " ms", digits: 0 } as const;
  return [
    {
      what: "greenlight wait on three healthy dependencies to wait-on on their ports",
      unit: "×",
      digits: 2,
      most: 0.8,
      value: of(waitName)?.toWaitOn.median,
    },
    {
      ...ms,
      what: "greenlight run around true, over node -e 0",
      most: 150,
      value: of(runName)?.overNode.median,
    },
    { what: "A held gate request", unit: " KiB", digits: 1, most: 12, value: gate?.held.kibEach },
    {
      ...ms,
      what: "Held gate requests: the last answer after the recovery",
      most: 500,
      value: gate?.held.lastMs,
    },
    {
      ...ms,
      what: "Held gate requests: the first answer after the recovery",
      most: 50,
      value: gate?.held.firstMs,
    },
    { what: "Held gate requests that were lost", unit: "", digits: 0, most: 0, value: gate?.held.lost },
    { ...ms, what: "A report of 100,000 tests joined to incidents", most: 2000, value: gate?.join.ms.median },
    {
      what: "The same: memory at most",
      unit: " MiB",
      digits: 0,
      most: 300,
      value: gate?.join.peakMiB.median,
    },
  ];
}
