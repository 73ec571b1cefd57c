import { LONGEST_TIMER_MS } from "../../services/duration.ts";

export interface Limit {
  /** Milliseconds; none when it is past. */
  readonly ms: number;
  readonly signal: AbortSignal;
}

/**
 * Resolves with what `work` does, or with undefined when the time is up. What came of the loser is dropped.
 *
 * @throws what `work` throws in time; the reason of `signal` when that aborts first.
 */
export async function within<T>(work: Promise<T>, { ms, signal }: Limit): Promise<T | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
  const onAbort = (): void => reject(signal.reason as Error);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, work]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** Resolves after `ms`. @throws the reason of `signal` when that aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await within(Promise.withResolvers<never>().promise, { ms, signal });
}
