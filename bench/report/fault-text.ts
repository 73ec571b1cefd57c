import type { FaultOutcome } from "../fault-outcome.ts";
import type { FaultResult } from "../parts/faults.ts";
import { bareNodeHttp } from "../servers.ts";
import { duration } from "./numbers.ts";

/** One cell of the table of faults. Of a server that looks at no dependency only the time it takes is of interest. */
export function outcomeText(fault: FaultResult, { name, outcome }: FaultResult["servers"][number]): string {
  if (name === bareNodeHttp.name) {
    return slowestText(outcome);
  }
  if (outcome.exited) {
    return "**process exits**";
  }
  return fault.truth === "200" ? harmlessText(outcome) : shownText(outcome);
}

function harmlessText(outcome: FaultOutcome): string {
  if (outcome.recoveryMs === null) {
    return `**no recovery**${unansweredText(outcome)}`;
  }
  const wrong =
    outcome.falseAlarms === 0
      ? "200 throughout"
      : `${outcome.falseAlarms} false alarms, over after ${duration(outcome.recoveryMs)}`;
  return `${wrong}; ${slowestText(outcome)}${unansweredText(outcome)}`;
}

function shownText(outcome: FaultOutcome): string {
  if (outcome.shownMs === null) {
    return outcome.falseOk === 0
      ? `**hangs**${unansweredText(outcome)}; ${recoveryText(outcome)}`
      : "**false 200 throughout**";
  }
  const shown = `shown in ${duration(outcome.shownMs)}`;
  const falseOk = outcome.falseOk > 0 ? `, then ${outcome.falseOk} false 200` : "";
  return `${shown}${falseOk}; ${slowestText(outcome)}${unansweredText(outcome)}; ${recoveryText(outcome)}`;
}

const slowestText = ({ slowestMs, p99Ms }: FaultOutcome): string =>
  Number.isFinite(slowestMs) ? `slowest ${duration(slowestMs)} (p99 ${duration(p99Ms)})` : "no answers";

const unansweredText = ({ unanswered, polls }: FaultOutcome): string =>
  unanswered > 0 ? `, ${unanswered} of ${polls} without an answer` : "";

const recoveryText = ({ recoveryMs }: FaultOutcome): string =>
  recoveryMs === null ? "**no recovery**" : `recovery ${duration(recoveryMs)}`;
