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
  /** Default: each connection asks the same again as soon as it has its answer. */
  readonly manner?: Manner | undefined;
}

/** How the clients go about it. */
export type Manner =
  /** Each connection rests between an answer and its next request, for so many milliseconds in the mean. */
  | { readonly kind: "rests"; readonly meanMs: number }
  /** All connections are accepted before the first request; then each asks the same again at once. */
  | { readonly kind: "settles" }
  /** Each asks again at once, with other bytes each time. */
  | { readonly kind: "varies" };

const scripts = { rests: "think.lua", settles: "settle.lua", varies: "varied.lua" } as const;
/** For how long nothing is asked when connections settle. */
const settleMs = 100;

/** Loads one server with wrk, on one thread. Throws `BenchError` when wrk is missing or fails. */
export async function load(options: LoadOptions): Promise<Slice> {
  const { connections, seconds, signal, headers = {}, manner } = options;
  const { url, pid, core } = options.server;
  const wrk = findBinary(["wrk"]);
  if (wrk === undefined) {
    throw new BenchError("wrk is not installed. Run: node src/sandbox/setup.ts --bench");
  }
  const sent = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const script = manner && fileURLToPath(new URL(scripts[manner.kind], import.meta.url));
  const args = [
    "-t1",
    `-c${connections}`,
    `-d${seconds}s`,
    "--timeout",
    "5s",
    "--latency",
    ...sent,
    ...(script === undefined ? [] : ["-s", script]),
    url,
  ];
  const before = readClocks(pid, core);
  const { stdout } = await run(wrk, args, {
    signal,
    timeout: (seconds + 15) * 1000,
    env: {
      ...process.env,
      THINK_MS: String(manner?.kind === "rests" ? manner.meanMs : 0),
      SETTLE_MS: String(settleMs),
    },
  });
  const after = readClocks(pid, core);
  const usedMs = after.server - before.server;
  const foreignMs = after.core - before.core - usedMs;
  const result = parseWrk(stdout);
  const askingSeconds = result.seconds - (manner?.kind === "settles" ? settleMs / 1000 : 0);
  return {
    ...result,
    requestsPerSecond: result.requests / askingSeconds,
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
