import { spawnSync } from "node:child_process";
import { cpus, loadavg, platform, release, totalmem } from "node:os";
import { findBinary } from "../src/sandbox/binaries.ts";

/** The machine and the programs of a run. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly wrk: string;
  /** Whether servers and load run on cores of their own. */
  readonly pinned: boolean;
  /** Programs that wanted to run in the last minute before the run: above 0.5 others were at work. */
  readonly loadBefore: number;
  readonly date: string;
}

/** Describes this machine. To be called before anything is started. */
export function describeMachine(): Omit<Machine, "pinned"> {
  const wrk = findBinary(["wrk"]);
  const version = wrk === undefined ? "" : spawnSync(wrk, ["--version"], { encoding: "utf8" }).stdout;
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${release()}`,
    node: process.versions.node,
    wrk: /wrk (?:debian\/)?([\d.]+)/.exec(version)?.[1] ?? "unknown",
    loadBefore: loadavg()[0] ?? Number.NaN,
    date: new Date().toISOString(),
  };
}
