import { setTimeout as sleep } from "node:timers/promises";

/**
 * Calls `attempt` until it neither throws nor answers false, and returns its answer.
 * When the deadline passes it throws the last error.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { deadlineMs = 5000, intervalMs = 10 }: { deadlineMs?: number; intervalMs?: number } = {},
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    try {
      const answer = await attempt();
      if (answer !== false) {
        return answer;
      }
      throw new Error(`Still false after ${deadlineMs} ms.`);
    } catch (error) {
      if (performance.now() >= end) {
        throw error;
      }
      await sleep(intervalMs);
    }
  }
}

/** Tells whether `promise` is still unsettled after `ms`. */
export async function isPendingAfter(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const settled = promise.then(
    () => false,
    () => false,
  );
  return Promise.race([settled, sleep(ms, true)]);
}
