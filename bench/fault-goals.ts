import type { FaultOutcome } from "./fault-outcome.ts";
import type { Goal } from "./goal.ts";
import type { FaultResult } from "./parts/faults.ts";
import { bareNodeHttp, ours } from "./servers.ts";

const ms = { unit: " ms", digits: 0 } as const;
const count = { unit: "", digits: 0, most: 0 } as const;

const what = (text: string): string => `Faults: ${text}`;

/** The goals of Greenlight under the faults, each with the fault that came nearest to its bound. */
export function faultGoals(faults: readonly FaultResult[] = []): readonly Goal[] {
  const lasting = faults.filter(({ truth }) => truth === "503");
  const frozen = lasting.filter(({ shownWithinMs }) => shownWithinMs > 1000);
  const closed = lasting.filter((fault) => !frozen.includes(fault));
  const slowest = worst(faults, ({ slowestMs }) => slowestMs);
  return [
    {
      ...ms,
      what: what("a closed or refused connection is shown within"),
      most: 100,
      ...worst(closed, ({ shownMs }) => shownMs),
    },
    {
      ...ms,
      what: what("a frozen backend is shown within"),
      most: 2000,
      ...worst(frozen, ({ shownMs }) => shownMs),
    },
    {
      ...ms,
      what: what("recovery is shown within"),
      most: 1000,
      ...worst(faults, ({ recoveryMs }) => recoveryMs),
    },
    {
      ...ms,
      what: what("the slowest answer"),
      most: 20,
      ...slowest,
      remark: noiseRemark(faults, slowest.remark),
    },
    {
      ...count,
      what: what("questions without an answer"),
      value: total(faults, ({ unanswered }) => unanswered),
    },
    { ...count, what: what("false 200"), value: total(faults, ({ falseOk }) => falseOk) },
    { ...count, what: what("exits of the process"), value: total(faults, ({ exited }) => Number(exited)) },
  ];
}

function outcomeOf(fault: FaultResult, wanted: string): FaultOutcome | undefined {
  return fault.servers.find(({ name }) => name === wanted)?.outcome;
}

type Choose = (outcome: FaultOutcome) => number | null;

interface Worst {
  readonly value: number | null | undefined;
  readonly remark: string | undefined;
}

/** The largest of our values, or null when one is, and the id of its fault. */
function worst(faults: readonly FaultResult[], pick: Choose): Worst {
  let found: Worst = { value: undefined, remark: undefined };
  for (const fault of faults) {
    const outcome = outcomeOf(fault, ours.name);
    const value = outcome && pick(outcome);
    const larger =
      found.value === undefined || (typeof value === "number" && found.value !== null && value > found.value);
    if (value !== undefined && (value === null || larger)) {
      found = { value, remark: fault.id };
    }
  }
  return found;
}

/** What a server without any dependency had its clients wait in the same fault. */
function noiseRemark(faults: readonly FaultResult[], id: string | undefined): string | undefined {
  const fault = faults.find((each) => each.id === id);
  const noise = fault && outcomeOf(fault, bareNodeHttp.name);
  return noise === undefined ? id : `${id}; ${bareNodeHttp.name} meanwhile ${noise.slowestMs.toFixed(0)} ms`;
}

function total(faults: readonly FaultResult[], pick: (outcome: FaultOutcome) => number): number | undefined {
  const values = faults.flatMap((fault) => outcomeOf(fault, ours.name) ?? []).map(pick);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
