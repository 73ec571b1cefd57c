import { fileURLToPath } from "node:url";
import { SandboxError } from "./errors.ts";
import { type ManagedProcess, startProcess } from "./process.ts";
import { startDeadlineMs } from "./server.ts";
import { waitUntil } from "./wait.ts";

/** A program of the sandbox, to be run under this Node in a process of its own. */
export interface NodeChildOptions {
  name: string;
  program: URL;
  /** Its variables, beside PATH. */
  env: NodeJS.ProcessEnv;
  /** Gets what the child tells, `ready` included. */
  onMessage?: (message: unknown) => void;
  signal: AbortSignal | undefined;
}

/** Beside the installed packages, like the service's own: a third of each start goes into compiling otherwise. */
const compileCache = fileURLToPath(new URL("../../node_modules/.cache/greenlight", import.meta.url));

/**
 * Starts the program and waits until it tells `ready`.
 * Throws `START_FAILED` with its output, `START_TIMEOUT` or `ABORTED`.
 */
export async function startNodeChild(options: NodeChildOptions): Promise<ManagedProcess> {
  const { name, signal } = options;
  let ready = false;
  const managed = await startProcess({
    name,
    command: process.execPath,
    args: [fileURLToPath(options.program)],
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, ...options.env },
    onMessage: (message) => {
      ready ||= message === "ready";
      options.onMessage?.(message);
    },
    parentDeathSignal: "KILL",
  });
  try {
    const what = { deadlineMs: startDeadlineMs, signal };
    await waitUntil(`${name} is ready`, () => ready || !managed.running, what);
    if (!managed.running) {
      await managed.exited;
      throw new SandboxError("START_FAILED", `${name} ended before it was ready:\n${managed.logs().trim()}`);
    }
    return managed;
  } catch (error) {
    await managed.stop({ signal: "SIGKILL" });
    throw error;
  }
}
