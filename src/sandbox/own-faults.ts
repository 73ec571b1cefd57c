import { SandboxError } from "./errors.ts";
import type { ManagedProcess } from "./process.ts";
import { waitUntil } from "./wait.ts";

/** What travels to a child that has faults of its own, and comes back once it is in force. */
export interface OwnFault<Mode extends string = string> {
  mode: Mode;
  ms?: number | undefined;
}

/** Faults of a server itself, which no proxy could make. */
export interface OwnFaults {
  /** Their names, without `none`. */
  readonly modes: readonly string[];
  /** The one in force, or `none`. A process that was started anew has none. */
  readonly mode: string;
  /** Returns once the server has it. Throws `NOT_RUNNING`, or `START_TIMEOUT` when a stopped one does not answer. */
  set(mode: string, options?: { ms?: number | undefined }): Promise<void>;
}

/** The same, for the code that starts the processes. */
export interface TrackedFaults extends OwnFaults {
  /** To be called with each new process. */
  attach(managed: ManagedProcess): void;
}

const answerMs = 2000;

/** Keeps track of the faults of a child process that listens to `OwnFault` messages. */
export function trackFaults(name: string, modes: readonly string[]): TrackedFaults {
  let current: ManagedProcess | undefined;
  let mode = "none";

  const inForce = (): string => (current?.running ? mode : "none");
  const notRunning = (): SandboxError =>
    new SandboxError("NOT_RUNNING", `${name} is not running, so it cannot take a mode.`);

  async function tell(managed: ManagedProcess, fault: OwnFault): Promise<void> {
    let confirmed = false;
    const hear = (message: unknown): void => {
      confirmed ||= isFault(message) && message.mode === fault.mode;
    };
    managed.child.on("message", hear);
    try {
      // With a callback a channel that has closed is no error event; the end of the process says it too.
      managed.child.send(fault, () => undefined);
      const done = (): boolean => confirmed || !managed.running;
      await waitUntil(`${name} has taken the mode ${fault.mode}`, done, { deadlineMs: answerMs });
      if (!confirmed && fault.mode !== "none") {
        throw notRunning();
      }
    } finally {
      managed.child.off("message", hear);
    }
  }

  return {
    modes,
    get mode() {
      return inForce();
    },
    attach(managed) {
      current = managed;
      mode = "none";
    },
    async set(wanted, { ms } = {}) {
      if (wanted === "none" && inForce() === "none") {
        return;
      }
      if (!current?.running) {
        throw notRunning();
      }
      // Before the answer: a stopped process takes it once it runs again.
      mode = wanted;
      await tell(current, { mode: wanted, ms });
    },
  };
}

/** Reads a message between the sandbox and its child. */
export function isFault(message: unknown): message is OwnFault {
  return typeof message === "object" && message !== null && "mode" in message;
}
