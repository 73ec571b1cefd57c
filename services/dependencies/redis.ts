import { Redis } from "ioredis";
import { CauseError } from "../errors.ts";
import { openSocket } from "../net/connect.ts";
import { withDeadline } from "../net/deadline.ts";
import { classifyError, codeOf } from "./classify.ts";
import type { Connection, Dependency, Target } from "./dependency.ts";
import type { RedisOptions } from "./options.ts";
import { isServerError, recogniseRedis } from "./redis-errors.ts";
import { createRedisProbe } from "./redis-queries.ts";
import { askVersion, type RedisVersion, versionIn } from "./redis-version.ts";
import { nameVersion } from "./server-version.ts";
import { speaksTls } from "./speaks-tls.ts";
import { type Address, commonOf, parseTarget } from "./target.ts";

/** Redis and Valkey through `ioredis`: one connection, no queue, no reconnecting of its own. */
export function createRedis(options: RedisOptions): Dependency {
  const tls =
    options.tls ?? (options.url.startsWith("rediss:") ? ({ mode: "verify-full" } as const) : undefined);
  const address = parseTarget({ url: options.url, defaultPort: 6379, tls, negotiation: "direct" });
  return {
    name: options.name,
    kind: "redis",
    ...commonOf(options, address),
    asserts: options.key !== undefined,
    open: (signal) => open(options, address, signal),
    classify: (error, rung) =>
      classifyError({
        error,
        rung,
        redact: (text) => address.redact(withoutArguments(text)),
        recognise: recogniseRedis,
        passwordGiven: address.password !== undefined,
      }),
    answered: isServerError,
  };
}

async function open(options: RedisOptions, address: Address, signal: AbortSignal): Promise<Connection> {
  if (!/^\d*$/.test(address.database ?? "")) {
    throw new CauseError("DATABASE_MISSING", `"${address.database}" is no database number`);
  }
  const redis = createClient(address);
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  // `connect()` rejects with a general sentence; the reason is in the event before it.
  let reason: unknown;
  redis.on("error", (error) => (reason ??= error));
  redis.on("end", resolve);
  signal.addEventListener("abort", () => redis.disconnect(), { once: true });
  try {
    await redis.connect();
    // The handshake's own errors are events; this is the first command that must succeed.
    await redis.ping();
    // A refused SELECT is such an event too, and what follows would ask another database.
    if (isServerError(reason)) throw reason;
  } catch (error) {
    redis.disconnect();
    const told = isServerError(error) ? error : (reason ?? error);
    throw hungUp(told) ? ((await reasonOfHangUp(address.target, signal)) ?? told) : told;
  }
  const probe = createRedisProbe(redis, options.writable !== false);
  // Null when it was asked for and refused: it is asked for once.
  let told: RedisVersion | null | undefined;
  return {
    lost,
    version: () =>
      told === null || told === undefined
        ? undefined
        : nameVersion(told.product, told.version, address.redact),
    destroy: () => redis.disconnect(),
    query: (inner) =>
      abortable(redis, inner, async () => {
        const hello = await probe.ask();
        told = versionIn(hello) ?? (told === undefined ? await askVersion(redis) : told);
      }),
    assert: (inner) => abortable(redis, inner, () => assertKey(redis, options)),
    read: (key, inner) => abortable(redis, inner, async () => (await redis.get(key)) ?? undefined),
  };
}

function createClient({ target, user, password, database }: Address): Redis {
  return new Redis({
    ...("path" in target.endpoint
      ? { path: target.endpoint.path }
      : { host: target.host, port: target.port }),
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(target.tls === undefined ? {} : { tls: target.tls }),
    db: Number(database ?? 0),
    connectionName: "greenlight",
    lazyConnect: true,
    enableOfflineQueue: false,
    // The check would wait for the end of LOADING; the answer LOADING is what is asked for.
    enableReadyCheck: false,
    disableClientInfo: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    // A frozen server never answers the farewell; nobody waits for it.
    disconnectTimeout: 0,
    keepAlive: 10_000,
  });
}

async function abortable<T>(redis: Redis, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const onAbort = (): void => redis.disconnect();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** The server repeats what it does not understand, and cuts it: a part of a password is not known to be one. */
const withoutArguments = (text: string): string => text.replace(/, with args beginning with:.*$/s, "");

async function assertKey(redis: Redis, { key }: RedisOptions): Promise<void> {
  if (key === undefined) return;
  if (key.equals === undefined) {
    if ((await redis.exists(key.name)) === 0)
      throw new CauseError("KEY_MISSING", `there is no key ${key.name}`);
    return;
  }
  const found = await redis.get(key.name);
  if (found !== key.equals) {
    throw new CauseError(
      "KEY_MISSING",
      `key ${key.name}: expected ${key.equals}, found ${found ?? "no value"}`,
    );
  }
}

/** The other side ended the connection before it had answered. */
const hungUp = (error: unknown): boolean =>
  ["ECONNRESET", "EPIPE"].includes(codeOf(error) ?? "") ||
  recogniseRedis(error as object)?.code === "CONNECTION_CLOSED";

/**
 * A server that is full says so and hangs up before the client has spoken, so the client's own write fails first and
 * the text is lost; a silent connection receives it. A port that speaks only TLS hangs up, mostly without a word.
 */
async function reasonOfHangUp(target: Target, signal: AbortSignal): Promise<Error | undefined> {
  if (target.tls !== undefined || signal.aborted) return undefined;
  const text = await firstWords(target, signal);
  if (text.startsWith("-")) {
    return Object.assign(new Error(text.slice(1).split("\r\n")[0]), { name: "ReplyError" });
  }
  return (await speaksTls(target, signal))
    ? new CauseError("TLS_REQUIRED", "the port speaks TLS only")
    : undefined;
}

/** What the server says to a client that says nothing; empty when it waits. */
async function firstWords({ endpoint }: Target, signal: AbortSignal): Promise<string> {
  const socket = await openSocket({ endpoint, ms: 100, signal }).catch(() => undefined);
  if (socket === undefined) return "";
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.once("data", (bytes: Buffer) => resolve(bytes.toString("latin1"))).once("close", () => resolve(""));
  const text = await withDeadline({ ms: 50, waitedFor: "a refusal", signal }, () => promise).catch(() => "");
  socket.destroy();
  return text;
}
