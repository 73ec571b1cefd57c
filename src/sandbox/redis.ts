// A real redis-server (or valkey-server), seeded and with users, in a temporary directory.
import { Redis } from "ioredis";
import { findBinary } from "./binaries.ts";
import { makeDirectory } from "./directory.ts";
import { SandboxError } from "./errors.ts";
import { freePort } from "./ports.ts";
import { type ManagedProcess, startProcess, waitForOutput } from "./process.ts";
import { type SandboxServer, startDeadlineMs, type UrlOptions } from "./server.ts";
import { supervise } from "./supervise.ts";

/** Options of the Redis server. Passwords have defaults: those of a sandbox are no secrets. */
export interface RedisOptions {
  port?: number;
  user?: string;
  password?: string;
  /** Password of the user `default`, who may do everything. */
  adminPassword?: string;
  /** More arguments, for example `["--replicaof", "127.0.0.1 1", "--maxclients", "4"]`. */
  args?: readonly string[];
  /** Serve TLS, and nothing else, with these PEM files. */
  tls?: { certFile: string; keyFile: string };
  /** Whether to write `seed:done` = `1` (default true; a replica cannot). */
  seed?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Starts Redis on 127.0.0.1 with the users `app` and `default` (the administrator).
 * Throws `BINARY_MISSING`, `START_FAILED`, `START_TIMEOUT` or `ABORTED`.
 */
export async function startRedis(options: RedisOptions = {}): Promise<SandboxServer> {
  const { user = "app", password = "app-password", adminPassword = "admin-password" } = options;
  const command = redisBinary();
  const port = options.port ?? (await freePort());
  const directory = await makeDirectory("redis");
  const listen = options.tls
    ? [
        "--port",
        "0",
        "--tls-port",
        String(port),
        "--tls-cert-file",
        options.tls.certFile,
        "--tls-key-file",
        options.tls.keyFile,
        "--tls-auth-clients",
        "no",
      ]
    : ["--port", String(port)];
  const args = [
    ...listen,
    "--bind",
    "127.0.0.1",
    "--dir",
    directory,
    "--save",
    "",
    "--appendonly",
    "no",
    "--user",
    "default",
    "on",
    `>${adminPassword}`,
    "~*",
    "&*",
    "+@all",
    "--user",
    user,
    "on",
    `>${password}`,
    "~*",
    "&*",
    "+@all",
    "-@admin",
    ...(options.args ?? []),
  ];

  function url(given: UrlOptions = {}): string {
    const at = `${given.host ?? "127.0.0.1"}:${given.port ?? port}/${given.database ?? "0"}`;
    const as = `${encodeURIComponent(given.user ?? user)}:${encodeURIComponent(given.password ?? password)}`;
    return `${options.tls ? "rediss" : "redis"}://${as}@${at}`;
  }
  const adminUrl = (given: UrlOptions = {}): string =>
    url({ user: "default", password: adminPassword, ...given });

  async function start(signal: AbortSignal | undefined): Promise<ManagedProcess> {
    const managed = await startProcess({ name: "redis", command, args, parentDeathSignal: "KILL" });
    try {
      await waitForOutput(managed, "redis", /Ready to accept connections/, {
        deadlineMs: startDeadlineMs,
        signal,
      });
      if (options.seed !== false) {
        await seed(adminUrl());
      }
      return managed;
    } catch (error) {
      await managed.stop({ signal: "SIGKILL" });
      throw error;
    }
  }

  return supervise({ name: "redis", address: { port, url, adminUrl }, start, directory }, options.signal);
}

function redisBinary(): string {
  const path = findBinary(["redis-server", "valkey-server"]);
  if (path === undefined) {
    throw new SandboxError("BINARY_MISSING", "redis-server is not installed. Run: npm run setup");
  }
  return path;
}

async function seed(url: string): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, tls: tlsOf(url) });
  let reason: unknown;
  client.on("error", (error) => (reason = error));
  try {
    await client.connect();
    await client.set("seed:done", "1");
  } catch (cause) {
    throw new SandboxError("START_FAILED", `Redis could not be seeded: ${String(reason ?? cause)}`, {
      cause,
    });
  } finally {
    client.disconnect();
  }
}

function tlsOf(url: string): object | undefined {
  return url.startsWith("rediss:") ? { rejectUnauthorized: false } : undefined;
}
