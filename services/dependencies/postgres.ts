import pg from "pg";
import { AssertionError } from "../errors.ts";
import { GuardedSocket } from "../net/guarded-socket.ts";
import { classifyError } from "./classify.ts";
import type { Connection, Dependency } from "./dependency.ts";
import { expectMigration, expectValue, quoteName } from "./expectations.ts";
import type { PostgresOptions } from "./options.ts";
import { isServerError, recognisePostgres } from "./postgres-errors.ts";
import { type Address, parseTarget } from "./target.ts";

/** First bytes a Postgres server can send: authentication, error, notice, version; `S` and `N` answer the TLS request. */
const FIRST_BYTES = new Set([..."RENSv"].map((letter) => letter.charCodeAt(0)));

/** Postgres through `pg`: one client, no pool of its own, no variables of the environment (`PGPASSWORD`, …). */
export function createPostgres(options: PostgresOptions): Dependency {
  const address = parseTarget({ url: options.url, defaultPort: 5432, tls: options.tls, negotiation: "postgres" });
  return {
    name: "postgres",
    kind: "postgres",
    required: options.required,
    intervalMs: options.intervalMs,
    warnAboveMs: options.warnAboveMs,
    deadlines: options.deadlines,
    target: address.target,
    redact: address.redact,
    asserts: options.assert.length > 0 || options.table !== undefined || options.migration !== undefined,
    open: (signal) => open(options, address, signal),
    classify: (error, rung) => classifyError({ error, rung, redact: address.redact, recognise: recognisePostgres }),
    answered: isServerError,
  };
}

async function open(options: PostgresOptions, address: Address, signal: AbortSignal): Promise<Connection> {
  const { user, password, database, target } = address;
  const socket = new GuardedSocket((byte) => FIRST_BYTES.has(byte));
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: user ?? "postgres",
    database: database ?? user ?? "postgres",
    // A function, because pg replaces an empty password by PGPASSWORD or ~/.pgpass: a fallback nobody asked for.
    password: () => password ?? "",
    ssl: target.tls ?? false,
    stream: () => socket,
    keepAlive: true,
    application_name: "greenlight",
  });
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  client.on("error", () => resolve());
  client.on("end", () => resolve());
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw socket.errored ?? error;
  }
  return {
    lost,
    destroy: () => void socket.destroy(),
    query: (inner) => guarded(socket, inner, () => ping(client, options.writable !== false)),
    assert: (inner) => guarded(socket, inner, () => assertAll(client, options)),
  };
}

/** pg cannot abandon a query: whoever stops waiting ends the connection, or the next query would wait behind it. */
async function guarded(socket: GuardedSocket, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const onAbort = (): void => void socket.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await work();
  } catch (error) {
    throw socket.errored ?? error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function ping(client: pg.Client, writable: boolean): Promise<void> {
  const { rows } = await client.query<[string]>({ text: "SELECT current_setting('transaction_read_only')", rowMode: "array" });
  if (writable && rows[0]?.[0] === "on") {
    throw new AssertionError("READ_ONLY", "transaction_read_only is on: a standby, or a role or database set to read-only");
  }
}

/** In a read-only transaction with the server's own time limit: an assertion can neither change nor overload anything. */
async function assertAll(client: pg.Client, options: PostgresOptions): Promise<void> {
  const { assert, table, migration, deadlines } = options;
  if (assert.length === 0 && table === undefined && migration === undefined) return;
  const run = async (text: string, values: readonly unknown[]): Promise<unknown[][]> =>
    (await client.query<unknown[]>({ text, values: [...values], rowMode: "array" })).rows;
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(deadlines.queryMs)}`);
  try {
    if (table !== undefined) await expectTable(table, run);
    if (migration !== undefined) {
      const [found] = await run("SELECT to_regclass($1)", [quoteName(migration.table)]);
      if (found?.[0] === null) throw new AssertionError("MIGRATION_MISSING", `there is no table ${migration.table}`);
      const text = `SELECT ${quoteName(migration.column)}::text FROM ${quoteName(migration.table)}`;
      expectMigration(migration, (await run(text, [])).map(([version]) => String(version)));
    }
    for (const assertion of assert) expectValue(assertion, await run(assertion.query, assertion.params ?? []));
  } finally {
    await client.query("ROLLBACK").catch(() => undefined);
  }
}

async function expectTable(table: string, run: (text: string, values: readonly unknown[]) => Promise<unknown[][]>): Promise<void> {
  const [row] = await run("SELECT t::text, has_table_privilege(t, 'SELECT') FROM to_regclass($1) AS t", [quoteName(table)]);
  if (row?.[0] === null) throw new AssertionError("TABLE_MISSING", `there is no table ${table}`);
  if (row?.[1] === false) throw new AssertionError("PERMISSION_DENIED", `permission denied: SELECT on ${table}`);
}
