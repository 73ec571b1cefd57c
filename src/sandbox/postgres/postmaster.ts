import { setTimeout as sleep } from "node:timers/promises";
import { type ManagedProcess, startProcess, waitForOutput } from "../process.ts";
import { startDeadlineMs } from "../server.ts";
import { backendsOf, type PostgresBinaries } from "./binaries.ts";
import { clearCrash, postgresEnvironment } from "./cluster.ts";
import type { Settings } from "./settings.ts";

/** How to start the server on a data directory. */
export interface PostmasterOptions {
  binaries: PostgresBinaries;
  data: string;
  settings: Settings;
}

/**
 * Starts Postgres and returns when it takes connections. After a kill the old shared memory is in use until the
 * last backend has gone, so a first try may fail. Throws `START_FAILED`, `START_TIMEOUT` or `ABORTED`.
 */
export async function startPostmaster(
  options: PostmasterOptions,
  signal: AbortSignal | undefined,
): Promise<ManagedProcess> {
  const { binaries, data, settings } = options;
  const end = performance.now() + startDeadlineMs;
  for (;;) {
    clearCrash(data);
    const managed = await startProcess({
      name: "postgres",
      command: binaries.postgres,
      args: ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
      cwd: data,
      env: postgresEnvironment(),
      ...binaries.account,
      // An immediate shutdown: the postmaster takes its backends and shared memory with it.
      parentDeathSignal: "QUIT",
    });
    try {
      const line = /database system is ready to accept connections/;
      await waitForOutput(managed, "postgres", line, { deadlineMs: startDeadlineMs, signal });
      return managed;
    } catch (error) {
      await managed.stop({ signal: "SIGKILL" });
      if (!/shared memory block|Address already in use/.test(managed.logs()) || performance.now() > end) {
        throw error;
      }
      await sleep(50);
    }
  }
}

/** Sends a signal to the postmaster and its backends, which would go on answering without it. */
export function deliverToAll(managed: ManagedProcess, signal: NodeJS.Signals): void {
  const backends = backendsOf(managed.pid);
  managed.signal(signal);
  for (const pid of backends) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
}
