import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { withDeadline } from "../net/deadline.ts";
import { DeadlineError } from "../errors.ts";
import type { Verified, VerifierCall, Verify } from "./verifier.ts";

export interface UntilOptions {
  readonly verify: Verify;
  readonly clock: Clock;
  /** For all of it. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
  /** Between two looks; default 500. */
  readonly everyMs?: number;
  /** Rejects with the reason of the signal. Default: a timer. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Asks one call again and again until it holds, as often in a row as it says; one answer that is another begins the count
 * anew. When the time is up, the last word. Rejects with the reason of the signal alone.
 */
export async function verifyUntil(call: VerifierCall, options: UntilOptions): Promise<Verified> {
  const { verify, clock, withinMs, signal, everyMs = 500, sleep = timer } = options;
  const wanted = call.kind === "probe" ? (call.times ?? 1) : 1;
  const until = clock.monotonic() + withinMs;
  let inRow = 0;
  let last: Verified | undefined;
  for (;;) {
    const left = Math.max(1, until - clock.monotonic());
    const found = await askWithin(left, { call, verify, signal });
    if (found === undefined) return last ?? late(call, withinMs);
    inRow = found.kind === "held" ? inRow + 1 : 0;
    if (inRow >= wanted) return found;
    last = shortOf(found, { inRow, wanted });
    if (clock.monotonic() + everyMs >= until) return last;
    await sleep(everyMs, signal);
  }
}

interface Asked extends Pick<UntilOptions, "verify" | "signal"> {
  readonly call: VerifierCall;
}

/** Undefined when no answer came in time. */
async function askWithin(ms: number, { call, verify, signal }: Asked): Promise<Verified | undefined> {
  const waitedFor = "the verification";
  try {
    return await withDeadline({ ms, waitedFor, signal }, (inner) => verify(call, inner));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DeadlineError) return undefined;
    throw error;
  }
}

const late = ({ kind }: VerifierCall, ms: number): Verified => ({
  kind: "unknown",
  because: `no answer to the verification (${kind}) within ${ms} ms`,
});

function shortOf(found: Verified, { inRow, wanted }: { inRow: number; wanted: number }): Verified {
  if (found.kind !== "held") return found;
  return { kind: "broken", evidence: `it held ${inRow} of ${wanted} times in a row: ${found.evidence}` };
}

const timer = async (ms: number, signal: AbortSignal): Promise<void> => {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
};
