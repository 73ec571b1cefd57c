import { BenchError } from "./errors.ts";

/** What one run of wrk says. */
export interface WrkResult {
  readonly requests: number;
  readonly seconds: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers outside 200 to 399. */
  readonly bad: number;
  /** Connections that failed, and requests without an answer in time. */
  readonly socketErrors: number;
}

const toMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Reads the text of `wrk --latency`. Throws `BenchError` with the text when it is something else. */
export function parseWrk(text: string): WrkResult {
  const total = /([\d.]+) requests in ([\d.]+)(us|ms|s|m|h),/.exec(text);
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(text);
  if (total === null || rate === null) {
    throw new BenchError(`wrk said what cannot be read:\n${text}`);
  }
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text);
  return {
    requests: Number(total[1]),
    seconds: (Number(total[2]) * (toMs[total[3] ?? ""] ?? Number.NaN)) / 1000,
    requestsPerSecond: Number(rate[1]),
    p50Ms: percentile(text, 50),
    p99Ms: percentile(text, 99),
    bad: Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0),
    socketErrors: (errors?.slice(1) ?? []).reduce((sum, count) => sum + Number(count), 0),
  };
}

function percentile(text: string, share: number): number {
  const found = new RegExp(`^\\s+${share}%\\s+([\\d.]+)(us|ms|s|m|h)\\s*$`, "m").exec(text);
  return found === null ? Number.NaN : Number(found[1]) * (toMs[found[2] ?? ""] ?? Number.NaN);
}
