import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findBinary } from "../src/sandbox/binaries.ts";
import { BenchError } from "./errors.ts";
import type { Running } from "./launch.ts";
import { coreMilliseconds, cpuMilliseconds } from "./proc.ts";
import { parseWrk, type WrkResult } from "./wrk-output.ts";

const run = promisify(execFile);

/** One slice of load on one server. */
export interface Slice extends WrkResult {
  /** Processor time of the server for one request. */
  readonly cpuUsPerRequest: number;
  /** Share of the time in which the server's core worked for others; 0 where that cannot be told. */
  readonly foreign: number;
}

export interface LoadOptions {
  readonly server: Pick<Running, "url" | "pid" | "core">;
  readonly connections: number;
  /** Whole seconds: wrk takes nothing finer. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Mean milliseconds that each connection rests between an answer and its next request; default: none. */
  readonly thinkMs?: number | undefined;
}

const think = fileURLToPath(new URL("think.lua", import.meta.url));

/** Loads one server with wrk, on one thread. Throws `BenchError` when wrk is missing or fails. */
export async function load(options: LoadOptions): Promise<Slice> {
  const { connections, seconds, signal, headers = {}, thinkMs } = options;
  const { url, pid, core } = options.server;
  const wrk = findBinary(["wrk"]);
  if (wrk === undefined) {
    throw new BenchError("wrk is not installed. Run: node src/sandbox/setup.ts --bench");
  }
  const sent = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const rest = thinkMs === undefined ? [] : ["-s", think];
  const args = [
    "-t1",
    `-c${connections}`,
    `-d${seconds}s`,
    "--timeout",
    "5s",
    "--latency",
    ...sent,
    ...rest,
    url,
  ];
  const before = readClocks(pid, core);
  const { stdout } = await run(wrk, args, {
    signal,
    timeout: (seconds + 15) * 1000,
    env: { ...process.env, THINK_MS: String(thinkMs ?? 0) },
  });
  const after = readClocks(pid, core);
  const usedMs = after.server - before.server;
  const foreignMs = after.core - before.core - usedMs;
  const result = parseWrk(stdout);
  return {
    ...result,
    cpuUsPerRequest: (usedMs * 1000) / result.requests,
    foreign: Math.max(0, foreignMs / (after.at - before.at)) || 0,
  };
}

function readClocks(pid: number, core: number | undefined): { server: number; core: number; at: number } {
  return {
    server: cpuMilliseconds(pid),
    core: core === undefined ? Number.NaN : coreMilliseconds(core),
    at: performance.now(),
  };
}
