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

/** The fields after the name, which may hold blanks: the first is the state. */
function statFields(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
