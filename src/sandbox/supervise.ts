import { removeDirectory } from "./directory.ts";
import { SandboxError } from "./errors.ts";
import type { ManagedProcess } from "./process.ts";
import type { SandboxServer } from "./server.ts";

/** The part of a server that is about what it speaks, not about its process. All listen on 127.0.0.1. */
export type Address = Pick<SandboxServer, "port" | "url" | "adminUrl">;

/** How to run one process again and again. */
export interface SuperviseOptions {
  name: string;
  address: Address;
  /** Starts the process and returns once it is ready. */
  start: (signal: AbortSignal | undefined) => Promise<ManagedProcess>;
  /** Removed at the end, and when the first start fails. */
  directory?: string;
  /** Clears what the process leaves outside of its directory. */
  clear?: () => void;
  /** The signal for an orderly stop. */
  stopSignal?: NodeJS.Signals;
  /** Milliseconds an orderly stop may take before the process is killed. */
  graceMs?: number;
  /** Sends a signal to the process and its helpers. */
  deliver?: (process: ManagedProcess, signal: NodeJS.Signals) => void;
}

/** Starts a process and keeps track of it over stops, kills and restarts. Throws what `start` throws. */
export async function supervise(
  options: SuperviseOptions,
  signal: AbortSignal | undefined,
): Promise<SandboxServer> {
  const deliver = options.deliver ?? ((managed, name) => managed.signal(name));
  const listeners = new Set<() => void>();
  let current: ManagedProcess;
  let killed = false;
  let last: Promise<unknown> = Promise.resolve();

  async function start(abort: AbortSignal | undefined): Promise<void> {
    const started = await options.start(abort);
    current = started;
    killed = false;
    started.child.once("exit", tellEnd);
  }

  function tellEnd(): void {
    for (const listener of listeners) {
      listener();
    }
  }

  async function stop(): Promise<void> {
    if (current.running) {
      // Whatever was stopped with SIGSTOP must run to be able to end.
      deliver(current, "SIGCONT");
    }
    await current.stop({ signal: options.stopSignal ?? "SIGTERM", graceMs: options.graceMs ?? 5000 });
  }

  /** Two restarts at a time would fight for the port. */
  function inTurn(act: () => Promise<void>): Promise<void> {
    const turn = last.then(act, act);
    last = turn.catch(() => undefined);
    return turn;
  }

  function remove(): void {
    options.clear?.();
    if (options.directory !== undefined) {
      removeDirectory(options.directory);
    }
  }

  try {
    await start(signal);
  } catch (error) {
    if (options.directory !== undefined) {
      removeDirectory(options.directory);
    }
    throw error;
  }
  return {
    host: "127.0.0.1",
    ...options.address,
    get pid() {
      return current.running && !killed ? current.pid : undefined;
    },
    signal(name) {
      if (!current.running) {
        throw new SandboxError("NOT_RUNNING", `${options.name} is not running.`);
      }
      if (name === "SIGKILL") {
        // Its end is certain: whoever stands in front of it learns before its clients can.
        killed = true;
        tellEnd();
      }
      deliver(current, name);
    },
    stop: () => inTurn(stop),
    restart: ({ signal: abort } = {}) =>
      inTurn(async () => {
        await stop();
        await start(abort);
      }),
    close: () =>
      inTurn(async () => {
        await stop();
        remove();
      }),
    destroy() {
      if (current.running) {
        deliver(current, "SIGKILL");
      }
      remove();
    },
    logs: () => current.logs(),
    onExit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
