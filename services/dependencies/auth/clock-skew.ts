import type { IncomingHttpHeaders } from "node:http";
import { CauseError } from "../../errors.ts";

/** A request as our wall clock saw it, in milliseconds. */
export interface Exchange {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly headers: IncomingHttpHeaders;
}

/** The `Date` header has whole seconds. */
const RESOLUTION_MS = 1000;

/**
 * How far the server's clock is surely ahead of ours (behind: negative), in ms. The header was written at some time
 * between request and answer and cut to seconds; within that doubt the skew is 0. A cache says with `Age` how old it is.
 *
 * @returns undefined when there is no `Date` that can be read.
 */
export function measureSkew({ sentAt, receivedAt, headers }: Exchange): number | undefined {
  const date = Date.parse(headers.date ?? "");
  if (Number.isNaN(date)) return undefined;
  const age = Number(headers.age ?? 0);
  const told = date + (age > 0 && Number.isFinite(age) ? age * 1000 : 0);
  const least = told - receivedAt;
  const most = told + RESOLUTION_MS - sentAt;
  if (least > 0) return least;
  return most < 0 ? most : 0;
}

/**
 * Expects the clocks to differ by `maxMs` at most; what was not measured is not judged.
 *
 * @throws {CauseError} `CLOCK_SKEW`, with the difference.
 */
export function expectClock(skewMs: number | undefined, maxMs: number): void {
  if (skewMs === undefined || Math.abs(skewMs) <= maxMs) return;
  throw new CauseError(
    "CLOCK_SKEW",
    `the server's clock is ${describeSkew(skewMs)} ours, allowed are ${maxMs / 1000} s`,
  );
}

/** `600 s ahead of`, `3 s behind`. */
export function describeSkew(skewMs: number): string {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return `${seconds} s ${skewMs > 0 ? "ahead of" : "behind"}`;
}
