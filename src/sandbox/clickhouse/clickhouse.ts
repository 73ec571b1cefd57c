// A real ClickHouse engine (npm chdb) in a child process, behind the HTTP interface of ClickHouse.
import { makeDirectory } from "../directory.ts";
import { startNodeChild } from "../node-child.ts";
import { freePort } from "../ports.ts";
import type { ManagedProcess } from "../process.ts";
import type { SandboxServer, UrlOptions } from "../server.ts";
import { supervise } from "../supervise.ts";
import type { ClickHouseUser } from "./authentication.ts";
import { type ClickHouseConfig, configVariable } from "./messages.ts";

/** Options of the ClickHouse server. Passwords have defaults: those of a sandbox are no secrets. */
export interface ClickHouseOptions {
  port?: number;
  user?: string;
  password?: string;
  adminPassword?: string;
  /** What `user` may do; default `SELECT, INSERT ON app.*` and `SELECT ON system.*`. */
  grants?: readonly string[];
  /** More users. */
  users?: readonly ClickHouseUser[];
  /** Serve HTTPS with these PEM files. */
  tls?: { certFile: string; keyFile: string };
  signal?: AbortSignal | undefined;
}

/** The handle also counts the queries which clients have sent, since the last start of the process. */
export interface ClickHouseServer extends SandboxServer {
  queries(): number;
}

/**
 * Starts ClickHouse on 127.0.0.1 with the database `app` and the users `app` and `default` (the administrator,
 * who can GRANT and REVOKE). Throws `START_FAILED`, `START_TIMEOUT` or `ABORTED`.
 */
export async function startClickHouse(options: ClickHouseOptions = {}): Promise<ClickHouseServer> {
  const { user = "app", password = "app-password", adminPassword = "admin-password" } = options;
  const port = options.port ?? (await freePort());
  const directory = await makeDirectory("clickhouse");
  const grants = options.grants ?? ["SELECT, INSERT ON app.*", "SELECT ON system.*"];
  const users = [
    { name: "default", password: adminPassword, grants: ["ALL ON *.*"] },
    { name: user, password, grants },
    ...(options.users ?? []),
  ];
  const config: ClickHouseConfig = { directory, port, users, tls: options.tls };
  let queries = 0;

  function url(given: UrlOptions = {}): string {
    const as = `${encodeURIComponent(given.user ?? user)}:${encodeURIComponent(given.password ?? password)}`;
    const at = `${given.host ?? "127.0.0.1"}:${given.port ?? port}`;
    return `${options.tls ? "https" : "http"}://${as}@${at}/${encodeURIComponent(given.database ?? "app")}`;
  }

  const start = (signal: AbortSignal | undefined): Promise<ManagedProcess> =>
    startChild(config, signal, (count) => (queries = count));
  const adminUrl = (given: UrlOptions = {}): string =>
    url({ user: "default", password: adminPassword, ...given });
  const address = { port, url, adminUrl };
  const server = await supervise({ name: "clickhouse", address, start, directory }, options.signal);
  return Object.assign(server, { queries: () => queries });
}

function startChild(
  config: ClickHouseConfig,
  signal: AbortSignal | undefined,
  onQueries: (count: number) => void,
): Promise<ManagedProcess> {
  onQueries(0);
  return startNodeChild({
    name: "clickhouse",
    program: new URL("main.ts", import.meta.url),
    env: {
      TZ: "UTC",
      // Each query of the engine holds a thread of this pool; four would let queries wait for each other.
      UV_THREADPOOL_SIZE: "16",
      [configVariable]: JSON.stringify(config),
    },
    onMessage: (message) => {
      if (typeof message === "number") {
        onQueries(message);
      }
    },
    signal,
  });
}
