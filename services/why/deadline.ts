import type { Known } from "../gcp/transport.ts";

/**
 * One fact, in its own time: late, it is unknown, so that a silent API costs what the others know nothing. Also when what
 * is asked does not listen to its signal.
 *
 * @throws the reason of `signal` when that aborts.
 */
export async function within<T>(
  ask: (signal: AbortSignal) => Promise<Known<T>>,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
): Promise<Known<T>> {
  signal.throwIfAborted();
  const { promise: ended, resolve, reject } = Promise.withResolvers<Known<T>>();
  const limit = new AbortController();
  const message = `no answer within ${ms} ms`;
  const timer = setTimeout(() => {
    resolve({ kind: "unknown", because: { code: "GCP_TIMEOUT", status: 0, message } });
    limit.abort(new Error(message));
  }, ms);
  const onAbort = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  const asked = ask(AbortSignal.any([signal, limit.signal]));
  // After its time is up its rejection is nobody's.
  asked.catch(() => undefined);
  try {
    return await Promise.race([ended, asked]);
  } catch (error) {
    if (limit.signal.aborted && !signal.aborted) return await ended;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
