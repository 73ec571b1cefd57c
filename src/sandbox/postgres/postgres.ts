// A real Postgres from npm, with a database, a role and a little schema, in a temporary directory.
import { copyFileSync, chmodSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeDirectory, removeDirectory } from "../directory.ts";
import { freePort } from "../ports.ts";
import { type ManagedProcess, startProcess, waitForOutput } from "../process.ts";
import { type SandboxServer, startDeadlineMs, type UrlOptions } from "../server.ts";
import { supervise } from "../supervise.ts";
import { backendsOf, findPostgres, type PostgresBinaries } from "./binaries.ts";
import { clearCrash, createCluster, give, postgresEnvironment } from "./cluster.ts";
import { seedPostgres } from "./seed.ts";

/** Options of the Postgres server. Passwords have defaults: those of a sandbox are no secrets. */
export interface PostgresOptions {
  port?: number;
  user?: string;
  password?: string;
  adminPassword?: string;
  database?: string;
  /** Server settings, for example `{ max_connections: 5, statement_timeout: "1s" }`. */
  settings?: Readonly<Record<string, string | number>>;
  /** Lines put before the defaults of pg_hba.conf. */
  hba?: readonly string[];
  /** Offer TLS with these PEM files (they are copied). */
  tls?: { certFile: string; keyFile: string };
  signal?: AbortSignal | undefined;
}

const adminUser = "greenlight_admin";

/**
 * Starts Postgres on 127.0.0.1 with the role and database `app` and the superuser `greenlight_admin`.
 * Throws `BINARY_MISSING`, `START_FAILED`, `START_TIMEOUT` or `ABORTED`.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<SandboxServer> {
  const {
    user = "app",
    password = "app-password",
    adminPassword = "admin-password",
    database = "app",
  } = options;
  const port = options.port ?? (await freePort());
  const directory = await makeDirectory("postgres");

  function url(given: UrlOptions = {}): string {
    const as = `${encodeURIComponent(given.user ?? user)}:${encodeURIComponent(given.password ?? password)}`;
    const at = `${given.host ?? "127.0.0.1"}:${given.port ?? port}`;
    return `postgres://${as}@${at}/${encodeURIComponent(given.database ?? database)}`;
  }
  const adminUrl = (given: UrlOptions = {}): string =>
    url({ user: adminUser, password: adminPassword, ...given });

  try {
    const binaries = findPostgres(directory);
    const hba = options.hba ?? [];
    const data = await createCluster({ binaries, directory, adminUser, adminPassword, hba });
    const settings = {
      ...settingsOf(data, port),
      ...tlsSettings(options, data, binaries),
      ...options.settings,
    };
    const start = (signal: AbortSignal | undefined): Promise<ManagedProcess> =>
      startPostmaster(binaries, data, settings, signal);
    const supervised = await supervise(
      {
        name: "postgres",
        start,
        directory,
        clear: () => clearCrash(data),
        stopSignal: "SIGINT",
        deliver: deliverToAll,
      },
      options.signal,
    );
    const server: SandboxServer = {
      ...supervised,
      get pid() {
        return supervised.pid;
      },
      host: "127.0.0.1",
      port,
      url,
      adminUrl,
    };
    await seedPostgres({
      adminUrl: (name) => adminUrl({ database: name }),
      user,
      password,
      database,
      tls: options.tls !== undefined,
    }).catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
    return server;
  } catch (error) {
    removeDirectory(directory);
    throw error;
  }
}

function settingsOf(data: string, port: number): Record<string, string | number> {
  return {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    shared_buffers: "16MB",
    // Files in the data directory, which go with it, instead of /dev/shm.
    dynamic_shared_memory_type: process.platform === "win32" ? "windows" : "mmap",
    data_directory: data,
  };
}

function tlsSettings(
  options: PostgresOptions,
  data: string,
  binaries: PostgresBinaries,
): Record<string, string> {
  if (options.tls === undefined) {
    return {};
  }
  const files = { ssl_cert_file: options.tls.certFile, ssl_key_file: options.tls.keyFile };
  for (const [name, file] of Object.entries(files)) {
    copyFileSync(file, join(data, name));
    chmodSync(join(data, name), 0o600);
    give(join(data, name), binaries);
  }
  return { ssl: "on", ssl_cert_file: "ssl_cert_file", ssl_key_file: "ssl_key_file" };
}

/** After a kill the old shared memory is in use until the last backend has gone, so a first try may fail. */
async function startPostmaster(
  binaries: PostgresBinaries,
  data: string,
  settings: Record<string, string | number>,
  signal: AbortSignal | undefined,
): Promise<ManagedProcess> {
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

/** A signal to the postmaster alone would leave the backends answering. */
function deliverToAll(managed: ManagedProcess, signal: NodeJS.Signals): void {
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
