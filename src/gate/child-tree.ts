import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../services/clock.ts";
import { type ListedProcess, listProcesses, membersOf, type TreeMark } from "./child-processes.ts";
import { sendSignal } from "./child-signals.ts";

/** One try to end all: the signal, and how long it is given, in ms. */
export interface Stage {
  readonly signal: NodeJS.Signals;
  readonly ms: number;
}

export interface TreeEnd {
  /** What had to be told to end. */
  readonly told: readonly ListedProcess[];
  /** What is still there after the last stage. */
  readonly left: readonly ListedProcess[];
}

/** For what a command left behind when it ended. */
export const END_STAGES: readonly Stage[] = [
  { signal: "SIGTERM", ms: 5000 },
  { signal: "SIGKILL", ms: 2000 },
];

/** For a suite that is to end early. Test runners write what they have at SIGINT, and most write nothing at SIGTERM. */
export const ABORT_STAGES: readonly Stage[] = [{ signal: "SIGINT", ms: 5000 }, ...END_STAGES];

const POLL_MS = 20;
/** How often it is looked again for one that may be of the run, and shows nothing of it at the moment. */
const SECOND_LOOKS = 5;
const SECOND_LOOK_MS = 5;

/**
 * Ends every process of a run, the leader too if it still runs. Never throws. Where there is no /proc it reaches the
 * leader's group alone.
 */
export async function endTree(mark: TreeMark, stages: readonly Stage[] = END_STAGES): Promise<TreeEnd> {
  const told = new Map<number, ListedProcess>();
  let left = await look(mark);
  for (const { signal, ms } of stages) {
    const deadline = systemClock.monotonic() + ms;
    const asked = new Set<number>();
    while (left.length > 0) {
      const fresh = left.filter(({ pid }) => !asked.has(pid));
      tell(mark, fresh, signal);
      for (const each of fresh) {
        asked.add(each.pid);
        told.set(each.pid, each);
      }
      if (systemClock.monotonic() >= deadline) break;
      await sleep(POLL_MS);
      left = await look(mark);
    }
  }
  return { told: [...told.values()], left };
}

/** A group of processes is told as one, so that none is started unseen in between. */
function tell({ leader }: TreeMark, members: readonly ListedProcess[], signal: NodeJS.Signals): void {
  const grouped = members.filter(({ group }) => group === leader);
  const targets = [
    ...(grouped.length > 0 ? [-leader] : []),
    ...members.filter(({ group }) => group !== leader).map(({ pid }) => pid),
  ];
  for (const target of targets) {
    sendSignal(target, signal);
    // A stopped process would never see it.
    sendSignal(target, "SIGCONT");
  }
}

async function look(mark: TreeMark): Promise<readonly ListedProcess[]> {
  for (let looks = 0; ; looks += 1) {
    const processes = listProcesses();
    if (processes === undefined) return groupOf(mark);
    const { members, isAnyBare } = membersOf(mark, processes);
    if (members.length > 0 || looks === SECOND_LOOKS || !isAnyBare) return members;
    await sleep(SECOND_LOOK_MS);
  }
}

function groupOf({ leader, startTicks }: TreeMark): readonly ListedProcess[] {
  const alive = sendSignal(-leader, 0);
  return alive
    ? [{ pid: leader, name: "the command's group", parent: 0, group: leader, session: leader, startTicks }]
    : [];
}
