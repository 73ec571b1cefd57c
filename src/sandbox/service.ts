import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeDirectory, removeDirectory } from "./directory.ts";
import type { Environment } from "./environment.ts";
import { SandboxError } from "./errors.ts";
import { type ManagedProcess, startProcess } from "./process.ts";
import { isForeign, type ServiceAccess, serviceConfig, serviceVariables } from "./service-config.ts";
import { waitUntil } from "./wait.ts";

/** How to run the service against the sandbox. */
export interface ServiceOptions extends ServiceAccess {
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
  /** Removes its configuration at once, for a process about to exit; otherwise that goes when the service ends. */
  destroy(): void;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const defaultEntry = fileURLToPath(new URL("../server.ts", import.meta.url));
const deadlineMs = 30_000;

/**
 * Starts the service as a child, with a configuration file of its own, and waits until it is ready and has answered
 * once about its databases. Throws `START_FAILED` with its last output, `START_TIMEOUT` or `ABORTED`.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { environment, port } = options;
  const directory = await makeDirectory("service");
  const destroy = (): void => removeDirectory(directory);
  let managed: ManagedProcess | undefined;
  try {
    const file = join(directory, "greenlight.yaml");
    writeFileSync(file, serviceConfig(environment, options), { mode: 0o600 });
    managed = await startProcess({
      name: "the service",
      command: process.execPath,
      args: [options.entry ?? defaultEntry],
      cwd: root,
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name))),
        ...serviceVariables(environment, options),
        PORT: String(port),
        HOST: "127.0.0.1",
        GREENLIGHT_CONFIG: file,
      },
      parentDeathSignal: "TERM",
    });
    void managed.exited.then(destroy);
    const url = `http://127.0.0.1:${port}`;
    await waitFor(managed, `${url}/health/ready`, (response) => response.status === 200, options);
    await waitFor(managed, `${url}/health`, answered, options);
    return { url, process: managed, destroy };
  } catch (error) {
    await managed?.stop();
    destroy();
    throw error;
  }
}

async function answered(response: Response): Promise<boolean> {
  return (await response.text()) !== "";
}

async function waitFor(
  managed: ManagedProcess,
  url: string,
  accept: (response: Response) => boolean | Promise<boolean>,
  { signal, token }: Pick<ServiceOptions, "signal" | "token">,
): Promise<void> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const isThere = async (): Promise<boolean> => {
    if (!managed.running) {
      await managed.exited;
      const last = managed.logs().trim().split("\n").slice(-15).join("\n");
      throw new SandboxError("START_FAILED", `The service ended before it was ready:\n${last}`);
    }
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(5000)]);
      return await accept(await fetch(url, { headers, signal: limit }));
    } catch {
      return false;
    }
  };
  await waitUntil(`${url} answers`, isThere, { deadlineMs, signal, intervalMs: 25 });
}
