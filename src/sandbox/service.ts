import { fileURLToPath } from "node:url";
import type { Environment } from "./environment.ts";
import { SandboxError } from "./errors.ts";
import { type ManagedProcess, startProcess } from "./process.ts";
import { waitUntil } from "./wait.ts";

/** How to run the service against the sandbox. */
export interface ServiceOptions {
  environment: Environment;
  port: number;
  /** Default: `src/server.ts` of this project. */
  entry?: string;
  signal: AbortSignal;
}

/** The running service. */
export interface Service {
  readonly url: string;
  readonly process: ManagedProcess;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const defaultEntry = fileURLToPath(new URL("../server.ts", import.meta.url));
const deadlineMs = 30_000;
const variables = { postgres: "DATABASE_URL", clickhouse: "CLICKHOUSE_URL", redis: "REDIS_URL" } as const;

/**
 * Starts the service as a child and waits until it is ready and has answered once about its databases.
 * Throws `START_FAILED` with its last output, `START_TIMEOUT` or `ABORTED`.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { environment, port, signal } = options;
  const urls = [...environment.dependencies.values()].map(
    (each) => [variables[each.name], each.url()] as const,
  );
  const managed = await startProcess({
    name: "the service",
    command: process.execPath,
    args: [options.entry ?? defaultEntry],
    cwd: root,
    env: {
      ...process.env,
      ...Object.fromEntries(urls),
      PORT: String(port),
      HOST: "127.0.0.1",
      GREENLIGHT_ENVIRONMENT: "sandbox",
    },
    parentDeathSignal: "TERM",
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitFor(managed, `${url}/health/ready`, (response) => response.status === 200, signal);
    await waitFor(
      managed,
      `${url}/health/database`,
      async (response) => (await response.text()) !== "",
      signal,
    );
    return { url, process: managed };
  } catch (error) {
    await managed.stop();
    throw error;
  }
}

async function waitFor(
  managed: ManagedProcess,
  url: string,
  accept: (response: Response) => boolean | Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const isThere = async (): Promise<boolean> => {
    if (!managed.running) {
      await managed.exited;
      const last = managed.logs().trim().split("\n").slice(-15).join("\n");
      throw new SandboxError("START_FAILED", `The service ended before it was ready:\n${last}`);
    }
    try {
      return await accept(await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) }));
    } catch {
      return false;
    }
  };
  await waitUntil(`${url} answers`, isThere, { deadlineMs, signal, intervalMs: 25 });
}
