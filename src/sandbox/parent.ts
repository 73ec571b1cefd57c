import { isFault, type OwnFault } from "./own-faults.ts";

/** Ties a child process to the sandbox that started it: it ends when the IPC channel closes, or at SIGTERM. */
export function followParent<Mode extends string>(
  setFault: (fault: OwnFault<Mode>) => void | Promise<void>,
): void {
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
  process.on("message", (message) => {
    if (isFault(message)) {
      void take(message as OwnFault<Mode>);
    }
  });

  async function take(fault: OwnFault<Mode>): Promise<void> {
    await setFault(fault);
    process.send?.({ mode: fault.mode });
  }
}

/** Tells the sandbox that the server listens. */
export function tellReady(): void {
  process.send?.("ready");
}
