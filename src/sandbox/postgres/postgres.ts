// A real Postgres from npm, with a database, a role and a little schema, in a temporary directory.
import { makeDirectory, removeDirectory } from "../directory.ts";
import { freePort } from "../ports.ts";
import type { ManagedProcess } from "../process.ts";
import type { SandboxServer, UrlOptions } from "../server.ts";
import { supervise } from "../supervise.ts";
import { findPostgres } from "./binaries.ts";
import { clearCrash, createCluster } from "./cluster.ts";
import { deliverToAll, startPostmaster } from "./postmaster.ts";
import { seedPostgres } from "./seed.ts";
import { basicSettings, tlsSettings } from "./settings.ts";

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
      ...basicSettings(data, port),
      ...tlsSettings(options.tls, data, binaries),
      ...options.settings,
    };
    const start = (signal: AbortSignal | undefined): Promise<ManagedProcess> =>
      startPostmaster({ binaries, data, settings }, signal);
    const server = await supervise(
      {
        name: "postgres",
        address: { port, url, adminUrl },
        start,
        directory,
        clear: () => clearCrash(data),
        stopSignal: "SIGINT",
        deliver: deliverToAll,
      },
      options.signal,
    );
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
