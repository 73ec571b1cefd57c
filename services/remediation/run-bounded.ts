import { Stop, messageOf, stopOf } from "./run-stop.ts";

export interface BoundedOptions {
  readonly ms: number;
  readonly graceMs: number;
  /** Completes "no answer to …". */
  readonly waitedFor: string;
  readonly signal: AbortSignal;
}

export type Bounded<T> =
  | { readonly kind: "answered"; readonly value: T }
  /** Late, or thrown by what never should. */
  | { readonly kind: "failed"; readonly because: string };

/**
 * Runs what may change the world for at most `ms`. It is told to end by its signal, and is waited for: whatever goes on
 * would go on beside what the run does next.
 *
 * @throws {Stop} when the run is to end, or `work` does not end within `graceMs` of being told to.
 */
export async function bounded<T>(
  { ms, graceMs, waitedFor, signal }: BoundedOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Bounded<T>> {
  if (signal.aborted) throw stopOf(signal);
  const inner = new AbortController();
  const { promise: left, reject } = Promise.withResolvers<never>();
  let grace: NodeJS.Timeout | undefined;
  const end = (reason: unknown): void => {
    inner.abort(reason);
    const stop = new Stop("UNRESPONSIVE", `${waitedFor} did not end within ${graceMs} ms of being told to`);
    grace ??= setTimeout(() => reject(signal.aborted ? stopOf(signal) : stop), graceMs);
  };
  const onAbort = (): void => end(signal.reason);
  const late = new Error(`no answer to ${waitedFor} within ${ms} ms`);
  // Longer than timers can be: none.
  const timer = ms < 2 ** 31 ? setTimeout(() => end(late), ms) : undefined;
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return { kind: "answered", value: await Promise.race([started(work, inner.signal), left]) };
  } catch (error) {
    if (error instanceof Stop) throw error;
    if (signal.aborted) throw stopOf(signal);
    return { kind: "failed", because: messageOf(inner.signal.aborted ? late : error) };
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    signal.removeEventListener("abort", onAbort);
  }
}

/** What throws at once is no different from what rejects. */
async function started<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return await work(signal);
}
