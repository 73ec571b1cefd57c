import { type Agent as HttpAgent, Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { Duplex } from "node:stream";
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { CauseError } from "../errors.ts";
import { knock } from "../net/connect.ts";
import { classifyError } from "./classify.ts";
import { isServerError, recogniseClickhouse } from "./clickhouse-errors.ts";
import type { Connection, Dependency, Target } from "./dependency.ts";
import { expectMigration, expectValue, quoteName } from "./expectations.ts";
import type { ClickhouseOptions } from "./options.ts";
import { type Address, parseTarget } from "./target.ts";

/** ClickHouse over HTTP through `@clickhouse/client`, on one kept-alive socket. */
export function createClickhouse(options: ClickhouseOptions): Dependency {
  const secure = /^(https|clickhouses):/.test(options.url);
  const tls = options.tls ?? (secure ? ({ mode: "verify-full" } as const) : undefined);
  const address = parseTarget({
    url: options.url,
    defaultPort: secure ? 8443 : 8123,
    tls,
    negotiation: "direct",
  });
  return {
    name: "clickhouse",
    kind: "clickhouse",
    required: options.required,
    intervalMs: options.intervalMs,
    warnAboveMs: options.warnAboveMs,
    deadlines: options.deadlines,
    target: address.target,
    redact: address.redact,
    asserts: options.assert.length > 0 || options.table !== undefined || options.migration !== undefined,
    open: (signal) => open(options, address, signal),
    classify: (error, rung) =>
      classifyError({ error, rung, redact: address.redact, recognise: recogniseClickhouse }),
    answered: isServerError,
  };
}

async function open(options: ClickhouseOptions, address: Address, signal: AbortSignal): Promise<Connection> {
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  const agent = createAgent(address.target, () => void reportGone(options, address.target, resolve));
  const client = connectClient(address, agent);
  const connection: Connection = {
    lost,
    destroy: () => agent.destroy(),
    query: (inner) => ping(client, inner, options.writable !== false),
    assert: (inner) => assertAll(client, inner, options),
  };
  try {
    // HTTP has no login of its own: the first query shows whether the credentials and the database are good.
    await run(client, "SELECT 1", {}, signal);
  } catch (error) {
    agent.destroy();
    throw error;
  }
  return connection;
}

function connectClient({ target, user, password, database }: Address, agent: HttpAgent): ClickHouseClient {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return createClient({
    url: `${target.tls === undefined ? "http" : "https"}://${host}:${target.port}`,
    username: user ?? "default",
    password: password ?? "",
    database: database ?? "default",
    application: "greenlight",
    http_agent: agent,
    // Its console log would print whole answers, secrets included, as plain text.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      // An answer from a cache says nothing about now.
      use_query_cache: 0,
      // Without it an error in mid-answer arrives inside a 200.
      wait_end_of_query: 1,
    },
  });
}

/** One socket, kept alive; `closed` is told of each end that was not asked for. */
function createAgent(target: Target, closed: () => void): HttpAgent {
  const settings = { keepAlive: true, maxSockets: 1, scheduling: "lifo" as const };
  const agent = target.tls === undefined ? new Agent(settings) : new TlsAgent({ ...settings, ...target.tls });
  const { createConnection, destroy } = agent;
  let destroyed = false;
  agent.destroy = function destroyQuietly() {
    destroyed = true;
    destroy.call(agent);
  };
  agent.createConnection = function createWatched(...args) {
    const socket = createConnection.apply(agent, args) as Duplex;
    socket.once("close", () => {
      if (!destroyed) closed();
    });
    return socket;
  };
  return agent;
}

/** Servers close idle HTTP connections as a habit; only one that no longer accepts new ones is lost. */
async function reportGone(
  options: ClickhouseOptions,
  { endpoint }: Target,
  report: () => void,
): Promise<void> {
  const signal = AbortSignal.timeout(options.deadlines.totalMs);
  if (!(await knock({ endpoint, ms: options.deadlines.connectMs, signal }))) report();
}

async function run(
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown>,
  signal: AbortSignal,
): Promise<unknown[][]> {
  const result = await client.query({
    query,
    query_params: params,
    format: "JSONCompactEachRow",
    abort_signal: signal,
  });
  return result.json<unknown[]>();
}

async function ping(client: ClickHouseClient, signal: AbortSignal, writable: boolean): Promise<void> {
  const rows = await run(client, "SELECT getSetting('readonly')", {}, signal);
  if (writable && Number(rows[0]?.[0]) !== 0) {
    throw new CauseError(
      "READ_ONLY",
      `the setting readonly is ${String(rows[0]?.[0])}: this user cannot write`,
    );
  }
}

async function assertAll(
  client: ClickHouseClient,
  signal: AbortSignal,
  options: ClickhouseOptions,
): Promise<void> {
  const { assert, table, migration } = options;
  if (table !== undefined) await run(client, `SELECT 1 FROM ${quoteName(table)} LIMIT 0`, {}, signal);
  if (migration !== undefined) {
    const query = `SELECT toString(${quoteName(migration.column)}) FROM ${quoteName(migration.table)}`;
    const rows = await run(client, query, {}, signal).catch((error: unknown) => {
      if (recogniseClickhouse(error as object, "assert")?.code !== "TABLE_MISSING") throw error;
      throw new CauseError("MIGRATION_MISSING", `there is no table ${migration.table}`, { cause: error });
    });
    expectMigration(
      migration,
      rows.map(([version]) => String(version)),
    );
  }
  for (const assertion of assert) {
    const params = Object.fromEntries(
      (assertion.params ?? []).map((value, index) => [`p${index + 1}`, value]),
    );
    expectValue(assertion, await run(client, assertion.query, params, signal));
  }
}
