import type { CliProcess } from "./context.ts";

/** Ctrl-C or a polite kill, with the exit code a shell expects. */
export class InterruptError extends Error {
  readonly exitCode: number;
  constructor(signal: string, exitCode: number) {
    super(`ended by ${signal}`);
    this.name = "InterruptError";
    this.exitCode = exitCode;
  }
}

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Runs `work` with a signal that aborts at the first SIGINT or SIGTERM; a second one ends the process as usual. */
export async function interruptible<T>(
  process: CliProcess,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onInterrupt = () => controller.abort(new InterruptError("SIGINT", CODES.SIGINT));
  const onTerminate = () => controller.abort(new InterruptError("SIGTERM", CODES.SIGTERM));
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onTerminate);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onTerminate);
  }
}
