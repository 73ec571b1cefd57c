import { readdirSync, readFileSync } from "node:fs";

/** A process as the kernel lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** In ticks since the machine started; with the pid it names a process for ever, because pids are used again. */
  readonly startTicks: number;
}

/** What marks the processes of one run. */
export interface TreeMark {
  /** The command's own process, which leads its group and its session. */
  readonly leader: number;
  /** Of the leader; nothing that is older belongs to it. */
  readonly startTicks: number;
  /** In the environment of all that it starts. */
  readonly variable: string;
}

/** The processes of this machine, without those that are dead and wait to be collected; undefined where there is no /proc. */
export function listProcesses(): readonly ListedProcess[] | undefined {
  try {
    return readdirSync("/proc").flatMap((name) => {
      const found = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined;
      return found === undefined || found.dead ? [] : [found];
    });
  } catch {
    return undefined;
  }
}

/** One process, dead ones too; undefined when there is none, or no /proc. */
export function readProcess(pid: number): (ListedProcess & { readonly dead: boolean }) | undefined {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** The name stands in brackets and may hold brackets and spaces itself, so the rest begins after the last one (proc(5)). */
function parseStat(pid: number, stat: string): ListedProcess & { readonly dead: boolean } {
  const end = stat.lastIndexOf(")");
  const [state = "", ...numbers] = stat.slice(end + 2).split(" ");
  const at = (index: number): number => Number(numbers[index]);
  return {
    pid,
    name: stat.slice(stat.indexOf("(") + 1, end),
    dead: state === "Z" || state === "X",
    parent: at(0),
    group: at(1),
    session: at(2),
    startTicks: at(18),
  };
}

export interface Members {
  readonly members: readonly ListedProcess[];
  /**
   * Whether another showed no variables at all. While a process becomes another program it has none for a moment, so that it
   * may be of the run all the same; most others that show none were started so.
   */
  readonly isAnyBare: boolean;
}

/**
 * Those that belong to a run: of the leader's group or session, with the run's variable in their environment, or
 * started by one of those.
 */
export function membersOf(mark: TreeMark, processes: readonly ListedProcess[]): Members {
  const younger = processes.filter(
    ({ pid, startTicks }) => startTicks >= mark.startTicks && pid !== process.pid,
  );
  // Each is read once: a moment later it may show something else.
  const judged = younger.map((each) => ({ each, seems: judge(each, mark) }));
  const members = new Set(judged.flatMap(({ each, seems }) => (seems === "marked" ? [each] : [])));
  for (let before = -1; before !== members.size;) {
    before = members.size;
    const pids = new Set([...members].map(({ pid }) => pid));
    for (const each of younger) if (pids.has(each.parent)) members.add(each);
  }
  return {
    members: [...members],
    isAnyBare: judged.some(({ each, seems }) => seems === "bare" && !members.has(each)),
  };
}

/** The parent of the kernel's own threads, which have no variables ever. */
const KERNEL_THREADS = 2;

function judge(
  { pid, parent, group, session }: ListedProcess,
  { leader, variable }: TreeMark,
): "marked" | "bare" | "other" {
  if (pid === leader || group === leader || session === leader) return "marked";
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, "latin1");
    if (variables === "") return parent === KERNEL_THREADS ? "other" : "bare";
    return variables.split("\0").includes(variable) ? "marked" : "other";
  } catch {
    // Of another user, or gone since.
    return "other";
  }
}
