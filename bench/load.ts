import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findBinary } from "../src/sandbox/binaries.ts";
import { BenchError } from "./errors.ts";
import { cpuMilliseconds } from "./proc.ts";
import { parseWrk, type WrkResult } from "./wrk-output.ts";

const run = promisify(execFile);

/** One slice of load on one server. */
export interface Slice extends WrkResult {
  /** Processor time of the server for one request. */
  readonly cpuUsPerRequest: number;
}

export interface LoadOptions {
  readonly url: string;
  readonly pid: number;
  readonly connections: number;
  /** Whole seconds: wrk takes nothing finer. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** Loads one server with wrk, on one thread. Throws `BenchError` when wrk is missing or fails. */
export async function load(options: LoadOptions): Promise<Slice> {
  const { url, pid, connections, seconds, signal } = options;
  const wrk = findBinary(["wrk"]);
  if (wrk === undefined) {
    throw new BenchError("wrk is not installed. Run: node src/sandbox/setup.ts --bench");
  }
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "5s", "--latency", url];
  const before = cpuMilliseconds(pid);
  const { stdout } = await run(wrk, args, { signal, timeout: (seconds + 15) * 1000 });
  const used = cpuMilliseconds(pid) - before;
  const result = parseWrk(stdout);
  return { ...result, cpuUsPerRequest: (used * 1000) / result.requests };
}
