// Real servers, each behind a fault proxy, and one control server for all.
import { type AuthServerOptions, startAuth } from "./auth/auth.ts";
import { type ClickHouseOptions, startClickHouse } from "./clickhouse/clickhouse.ts";
import { startControl } from "./control.ts";
import { combineModes } from "./dependency-mode.ts";
import { databaseNames, type DependencyName, type SandboxDependency } from "./dependency.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import { type PostgresOptions, startPostgres } from "./postgres/postgres.ts";
import { type RedisOptions, startRedis } from "./redis.ts";
import { onFreePort } from "./ports.ts";
import type { SandboxServer } from "./server.ts";
import { waitUntil } from "./wait.ts";
import { startWebsocket, type WebsocketServerOptions } from "./websocket/websocket.ts";

/** What to start, and how. */
export interface EnvironmentOptions {
  /** Default: the databases. */
  dependencies?: readonly DependencyName[];
  postgres?: PostgresOptions;
  clickhouse?: ClickHouseOptions;
  redis?: RedisOptions;
  auth?: Omit<AuthServerOptions, "mock">;
  authMock?: Omit<AuthServerOptions, "mock">;
  websocket?: WebsocketServerOptions;
  signal?: AbortSignal | undefined;
}

/** A running sandbox. */
export interface Environment {
  readonly dependencies: ReadonlyMap<DependencyName, SandboxDependency>;
  /** Address of the control server, for example `http://127.0.0.1:4711`. */
  readonly control: string;
  /** Stops all and leaves nothing behind. */
  close(): Promise<void>;
  /** The same at once and by force, for a process about to exit. */
  destroy(): void;
}

/** Starts the dependencies side by side. When one fails, stops the others and throws its error. */
export async function startEnvironment(options: EnvironmentOptions = {}): Promise<Environment> {
  const names = options.dependencies ?? databaseNames;
  const started = await Promise.allSettled(names.map((name) => startDependency(name, options)));
  const dependencies = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const closeAll = async (): Promise<void> => {
    await Promise.all(dependencies.map((dependency) => dependency.close()));
  };
  const failed = started.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await closeAll();
    throw failed.reason;
  }
  const byName = new Map(dependencies.map((dependency) => [dependency.name, dependency]));
  const control = await startControl({ dependencies: byName });
  return {
    dependencies: byName,
    control: control.url,
    async close() {
      await control.close();
      await closeAll();
    },
    destroy() {
      for (const { server } of dependencies) {
        server.destroy();
      }
    },
  };
}

/** Starts one dependency and its proxy. Throws what the server's start throws. */
export async function startDependency(
  name: DependencyName,
  options: EnvironmentOptions = {},
): Promise<SandboxDependency> {
  const server = await startServer(name, options);
  const dependency = await standBefore(name, server).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  return {
    ...dependency,
    // It changes, and would be copied as it is now.
    get mode() {
      return dependency.mode;
    },
    async close() {
      await dependency.close();
      await server.close();
    },
  };
}

/** A proxy of its own before a server that runs already, which `close` leaves running. */
export async function standBefore(name: DependencyName, server: SandboxServer): Promise<SandboxDependency> {
  const upstream = { host: server.host, port: server.port };
  const onUpstreamExit = (listener: () => void) => server.onExit(listener);
  const proxy = await onFreePort(() => startFaultProxy({ upstream, onUpstreamExit }));
  const combined = combineModes(name, proxy, server.faults);
  return {
    name,
    server,
    proxy,
    modes: combined.modes,
    get mode() {
      return combined.mode;
    },
    setMode: combined.set,
    url: (given) => server.url({ host: proxy.host, port: proxy.port, ...given }),
    async restart({ signal } = {}) {
      await server.restart({ signal });
      await waitUntil(`${name} can be reached`, () => proxy.listening || proxy.mode === "refuse", {
        deadlineMs: 5000,
        signal,
      });
    },
    close: () => proxy.close(),
  };
}

function startServer(name: DependencyName, options: EnvironmentOptions): Promise<SandboxServer> {
  const { signal } = options;
  const starters: Record<DependencyName, () => Promise<SandboxServer>> = {
    postgres: () => startPostgres({ signal, ...options.postgres }),
    clickhouse: () => startClickHouse({ signal, ...options.clickhouse }),
    redis: () => startRedis({ signal, ...options.redis }),
    auth: () => startAuth({ signal, ...options.auth }),
    "auth-mock": () => startAuth({ signal, ...options.authMock, mock: true }),
    websocket: () => startWebsocket({ signal, ...options.websocket }),
  };
  const { port } = (name === "auth-mock" ? options.authMock : options[name]) ?? {};
  return port === undefined ? onFreePort(starters[name]) : starters[name]();
}
