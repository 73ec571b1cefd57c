import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { SandboxError } from "./errors.ts";
import { waitUntil, type WaitOptions } from "./wait.ts";

/** What to run, and as whom. */
export interface ProcessOptions {
  name: string;
  command: string;
  args: readonly string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number | undefined;
  gid?: number | undefined;
  /** Opens an IPC channel; its messages go to this function. */
  onMessage?: (message: unknown) => void;
  /** Sent by the kernel to the child when this process dies, however it dies (Linux only). */
  parentDeathSignal?: "KILL" | "QUIT" | "TERM";
}

/** A running, or ended, child process of the sandbox. */
export interface ManagedProcess {
  readonly pid: number;
  readonly running: boolean;
  /** Settles when the process has ended and its output has been read. */
  readonly exited: Promise<void>;
  readonly child: ChildProcess;
  /** Sends a signal to the process. Throws `NOT_RUNNING` when it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** Sends `signal`, waits, and kills when it does not end in `graceMs`. */
  stop(options?: { signal?: NodeJS.Signals; graceMs?: number }): Promise<void>;
  /** The last output of the process, stdout and stderr together. */
  logs(): string;
}

const keptOutput = 256 * 1024;
const setpriv = "/usr/bin/setpriv";

/**
 * Starts a child in a process group of its own, so that Ctrl-C in the terminal reaches only the sandbox,
 * which then stops its children in order. Throws `START_FAILED` when the command cannot be run.
 */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  const [command, args] = withParentDeathSignal(options);
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env ?? process.env,
    uid: options.uid,
    gid: options.gid,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...(options.onMessage ? (["ipc"] as const) : [])],
  });
  let output = "";
  let running = true;
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => (running = false));
    child.once("close", () => resolve());
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-keptOutput);
    });
  }
  if (options.onMessage) {
    child.on("message", options.onMessage);
  }
  const pid = await spawned(child, options.name);

  function signal(name: NodeJS.Signals): void {
    if (!running) {
      throw new SandboxError("NOT_RUNNING", `${options.name} is not running.`);
    }
    child.kill(name);
  }

  return {
    pid,
    child,
    exited,
    get running() {
      return running;
    },
    signal,
    logs: () => output,
    async stop({ signal: name = "SIGTERM", graceMs = 5000 } = {}) {
      if (running) {
        child.kill(name);
        // A process stopped with SIGSTOP would never see the request.
        child.kill("SIGCONT");
      }
      const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/**
 * Waits until the output of a process matches `line`.
 * Throws `START_FAILED` with the last output when it ends before, `START_TIMEOUT` when it says nothing in time.
 */
export async function waitForOutput(
  managed: ManagedProcess,
  name: string,
  line: RegExp,
  options: WaitOptions,
): Promise<void> {
  const ready = (): boolean => line.test(managed.logs()) || !managed.running;
  await waitUntil(`${name} is ready`, ready, options);
  if (!managed.running) {
    await managed.exited;
    const last = managed.logs().trim().split("\n").slice(-8).join("\n");
    throw new SandboxError("START_FAILED", `${name} ended before it was ready:\n${last}`);
  }
}

function spawned(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid ?? 0));
    child.once("error", (cause) => {
      reject(new SandboxError("START_FAILED", `${name} could not be started: ${cause.message}`, { cause }));
    });
  });
}

function withParentDeathSignal(options: ProcessOptions): [string, string[]] {
  const { command, args, parentDeathSignal } = options;
  if (parentDeathSignal === undefined || process.platform !== "linux" || !existsSync(setpriv)) {
    return [command, [...args]];
  }
  return [setpriv, ["--pdeathsig", parentDeathSignal, command, ...args]];
}
