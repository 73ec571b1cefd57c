import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findBinary } from "../src/sandbox/binaries.ts";

/** Where the servers run; undefined when they cannot be kept apart from the rest. */
export interface Cores {
  readonly server: number;
  readonly rest: number;
  readonly taskset: string;
}

/**
 * Puts this process, and all it will start, on one core and leaves another to the servers under test.
 * Undefined when there is no taskset or only one core.
 */
export function claimCores(pid: number): Cores | undefined {
  const taskset = findBinary(["taskset"]);
  const [server, rest] = allowedCores();
  if (taskset === undefined || server === undefined || rest === undefined) {
    return undefined;
  }
  const moved = spawnSync(taskset, ["-a", "-p", "-c", String(rest), String(pid)]);
  return moved.status === 0 ? { server, rest, taskset } : undefined;
}

function allowedCores(): readonly number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
    return parseCores(list);
  } catch {
    return [];
  }
}

/** Reads a list of the kernel's, for example `0-1,4`. */
export function parseCores(list: string): readonly number[] {
  return list
    .split(",")
    .filter(Boolean)
    .flatMap((part) => {
      const [from, to = from] = part.split("-").map(Number);
      return from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)
        ? []
        : Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
}
