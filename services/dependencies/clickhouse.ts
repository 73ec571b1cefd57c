import { type Agent as HttpAgent, Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import type { Duplex } from "node:stream";
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { CauseError } from "../errors.ts";
import { isGone } from "../net/gone.ts";
import { classifyError, codeOf } from "./classify.ts";
import { isServerError, recogniseClickhouse } from "./clickhouse-errors.ts";
import { assertAll, forAssertions, readFacts, run } from "./clickhouse-queries.ts";
import type { Connection, Dependency, Target } from "./dependency.ts";
import { singleValue } from "./expectations.ts";
import type { ClickhouseOptions } from "./options.ts";
import { nameVersion } from "./server-version.ts";
import { speaksTls } from "./speaks-tls.ts";
import { type Address, commonOf, parseTarget } from "./target.ts";

/** ClickHouse over HTTP through `@clickhouse/client`, on one kept-alive socket. */
export function createClickhouse(options: ClickhouseOptions): Dependency {
  const secure = /^(https|clickhouses):/.test(options.url);
  const tls = options.tls ?? (secure ? ({ mode: "verify-full" } as const) : undefined);
  const address = parseTarget({
    url: options.url,
    defaultPort: secure ? 443 : 80,
    tls,
    negotiation: "direct",
  });
  return {
    name: options.name,
    kind: "clickhouse",
    ...commonOf(options, address),
    asserts: options.assert.length > 0 || options.table !== undefined || options.migration !== undefined,
    open: (signal) => open(options, address, signal),
    classify: (error, rung) =>
      classifyError({
        error,
        rung,
        redact: address.redact,
        recognise: recogniseClickhouse,
        passwordGiven: address.password !== undefined,
      }),
    answered: isServerError,
  };
}

async function open(options: ClickhouseOptions, address: Address, signal: AbortSignal): Promise<Connection> {
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  const agent = createAgent(address.target, () => void reportGone(options, address.target, resolve));
  const client = connectClient(address, agent);
  try {
    // HTTP has no login of its own: the first query shows whether the credentials and the database are good.
    let { readonly, version } = await readFacts(client, signal);
    return {
      lost,
      version: () => nameVersion("ClickHouse", version, address.redact),
      destroy: () => agent.destroy(),
      async query(inner) {
        ({ readonly, version } = await readFacts(client, inner));
        if (readonly === 0 || options.writable === false) return;
        throw new CauseError("READ_ONLY", `the setting readonly is ${readonly}: this user cannot write`);
      },
      async assert(inner) {
        const settings = forAssertions(options, readonly);
        await assertAll(
          (query, params = {}) => run(client, { query, params, settings, signal: inner }),
          options,
        );
      },
      async read(query, inner) {
        const settings = forAssertions(options, readonly);
        return singleValue(await run(client, { query, settings, signal: inner }));
      },
    };
  } catch (error) {
    agent.destroy();
    // A port that speaks only TLS hangs up on a plain request, mostly without a word.
    const recognised = recogniseClickhouse(error as object, "authenticate");
    const hungUp = recognised?.code === "CONNECTION_CLOSED" || codeOf(error) === "ECONNRESET";
    if (!hungUp || !(await speaksTls(address.target, signal))) throw error;
    throw new CauseError("TLS_REQUIRED", "the port speaks TLS only", { cause: error });
  }
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

/** Servers close idle HTTP connections as a habit; only one that no longer takes new ones is lost. */
async function reportGone(
  { deadlines }: ClickhouseOptions,
  { endpoint }: Target,
  report: () => void,
): Promise<void> {
  const signal = AbortSignal.timeout(deadlines.totalMs);
  if (await isGone({ endpoint, ms: deadlines.connectMs, signal })) report();
}
