import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "./errors.ts";

/** How long a wait may take, and who may end it early. */
export interface WaitOptions {
  /** Milliseconds from now. */
  deadlineMs: number;
  signal?: AbortSignal | undefined;
  /** Milliseconds between two looks. */
  intervalMs?: number;
}

/**
 * Looks at `condition` again and again until it answers true.
 * Throws `START_TIMEOUT` when the deadline passes and `ABORTED` when the signal fires.
 */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  options: WaitOptions,
): Promise<void> {
  const end = performance.now() + options.deadlineMs;
  while (!(await condition())) {
    if (options.signal?.aborted) {
      throw new SandboxError("ABORTED", `Stopped waiting until ${what}.`);
    }
    if (performance.now() >= end) {
      throw new SandboxError("START_TIMEOUT", `Waited ${options.deadlineMs} ms until ${what}, in vain.`);
    }
    await sleep(options.intervalMs ?? 10);
  }
}
