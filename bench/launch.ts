import { fileURLToPath } from "node:url";
import { freePort } from "../src/sandbox/ports.ts";
import { type ManagedProcess, startProcess } from "../src/sandbox/process.ts";
import { waitUntil } from "../src/sandbox/wait.ts";
import type { Cores } from "./cores.ts";
import { BenchError } from "./errors.ts";
import { ask } from "./http.ts";
import type { ServerKind } from "./servers.ts";

/** A server under test. */
export interface Running {
  readonly kind: ServerKind;
  /** What the report calls it. */
  readonly name: string;
  readonly pid: number;
  /** The core it has to itself. */
  readonly core: number | undefined;
  readonly url: string;
  readonly process: ManagedProcess;
  stop(): Promise<void>;
}

export interface LaunchOptions {
  readonly kind: ServerKind;
  readonly name?: string | undefined;
  readonly cores: Cores | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Starts a server on its core and returns at once: whether it answers is for `untilAnswer` to see. */
export async function launch({ kind, name, cores, variables }: LaunchOptions): Promise<Running> {
  const port = await freePort();
  const command = cores?.taskset ?? process.execPath;
  const pin = cores === undefined ? [] : ["-c", String(cores.server), process.execPath];
  const managed = await startProcess({
    name: kind.name,
    command,
    args: [...pin, ...(kind.nodeOptions ?? []), kind.entry],
    // No greenlight.yaml lies here.
    cwd: folder,
    env: { ...cleanEnvironment(), ...variables, ...kind.variables, PORT: String(port), HOST: "127.0.0.1" },
    parentDeathSignal: "KILL",
  });
  return {
    kind,
    name: name ?? kind.name,
    pid: managed.pid,
    core: cores?.server,
    url: `http://127.0.0.1:${port}${kind.path}`,
    process: managed,
    stop: () => managed.stop({ graceMs: 2000 }),
  };
}

/** Waits until a server gives one of these answers. Throws `BenchError` with its last words when it ends before. */
export async function untilAnswer(
  server: Running,
  statuses: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  await waitUntil(
    `${server.name} answers ${statuses.join(" or ")}`,
    async () => {
      if (!server.process.running) {
        throw new BenchError(`${server.name} ended by itself:\n${server.process.logs().trim()}`);
      }
      return statuses.includes((await ask(server.url, 1000)).status);
    },
    { deadlineMs: 20_000, intervalMs: 20, signal },
  );
}

/** This process's variables without those that would change what the servers do. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_COMPILE_CACHE: _cache, ...rest } = process.env;
  return Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith("GREENLIGHT_")));
}
