import { readFileSync } from "node:fs";

const tickMs = 10;
const pageBytes = 4096;

/** Processor time a process has used, user and system, all threads, to 10 ms. Linux only: NaN elsewhere. */
export function cpuMilliseconds(pid: number): number {
  const fields = statFields(pid);
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Resident memory of a process. Linux only: NaN elsewhere. */
export function residentMiB(pid: number): number {
  return (Number(statFields(pid)[21]) * pageBytes) / 1024 ** 2;
}

/** Time a core has worked for processes, or was taken by the host of this machine. Linux only: NaN elsewhere. */
export function coreMilliseconds(core: number): number {
  try {
    return parseCore(readFileSync("/proc/stat", "utf8"), core);
  } catch {
    return Number.NaN;
  }
}

/** User, nice, system and stolen time of one core in the text of /proc/stat; interrupts are left out. */
export function parseCore(text: string, core: number): number {
  const fields = new RegExp(`^cpu${core} (.*)$`, "m").exec(text)?.[1]?.split(" ").map(Number) ?? [];
  const [user = Number.NaN, nice = Number.NaN, system = Number.NaN] = fields;
  return (user + nice + system + (fields[7] ?? 0)) * tickMs;
}

/** The fields after the name, which may hold blanks: the first is the state. */
function statFields(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
