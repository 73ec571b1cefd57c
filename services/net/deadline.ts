/** net: the network steps below the drivers (deadlines, DNS, TCP, TLS), each abortable and bounded. */
import { DeadlineError } from "../errors.ts";

export interface DeadlineOptions {
  /** Milliseconds. */
  readonly ms: number;
  /** Completes "no answer to …" in the error. */
  readonly waitedFor: string;
  /** Aborting it ends the wait with its reason. */
  readonly signal: AbortSignal;
}

/**
 * Runs `work` for at most `ms`. When the time is up or `signal` aborts, the signal that `work` received is
 * aborted, so the loser stops and frees what it holds, and the promise rejects without waiting for it.
 *
 * @throws {DeadlineError} when the time is up; the reason of `signal` when that aborts.
 */
export async function withDeadline<T>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { ms, waitedFor, signal } = options;
  signal.throwIfAborted();
  const inner = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    reject(reason);
    inner.abort(reason);
  };
  const onAbort = (): void => end(signal.reason);
  const timer = setTimeout(() => end(new DeadlineError(waitedFor, ms)), ms);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work(inner.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
