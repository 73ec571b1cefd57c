import type { Socket } from "node:net";
import { Client } from "pg";
import { CauseError } from "../errors.ts";
import { openSocket } from "../net/connect.ts";
import type { GuardedSocket } from "../net/guarded-socket.ts";
import { secureSocket } from "../net/secure.ts";
import { classifyError, codeOf, messageOf } from "./classify.ts";
import type { Connection, Dependency, Target } from "./dependency.ts";
import { expectMigration, expectValue, quoteName, singleValue } from "./expectations.ts";
import type { PostgresOptions } from "./options.ts";
import { isServerError, recognisePostgres } from "./postgres-errors.ts";
import { postgresLogin, postgresSocket } from "./postgres-login.ts";
import { readRows, readValues } from "./postgres-rows.ts";
import { nameVersion } from "./server-version.ts";
import { type Address, commonOf, parseTarget } from "./target.ts";

/** Postgres through `pg`: one client, no pool of its own, no variables of the environment (`PGPASSWORD`, …). */
export function createPostgres(options: PostgresOptions): Dependency {
  const address = parseTarget({
    url: options.url,
    defaultPort: 5432,
    tls: options.tls,
    negotiation: "postgres",
  });
  return {
    name: options.name,
    kind: "postgres",
    ...commonOf(options, address),
    asserts: options.assert.length > 0 || options.table !== undefined || options.migration !== undefined,
    open: (signal) => open(options, address, signal),
    classify: (error, rung) =>
      classifyError({ error, rung, redact: address.redact, recognise: recognisePostgres }),
    answered: isServerError,
  };
}

async function open(options: PostgresOptions, address: Address, signal: AbortSignal): Promise<Connection> {
  const { target } = address;
  const socket = postgresSocket();
  const login = postgresLogin(address);
  const client = new Client({ ...login, stream: () => socket, application_name: "greenlight" });
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  // The server reports it during every login, unasked.
  let version: string | undefined;
  client.connection.on("parameterStatus", ({ parameterName, parameterValue }: ParameterStatus) => {
    if (parameterName === "server_version")
      version = nameVersion("PostgreSQL", parameterValue, address.redact);
  });
  client.on("error", () => resolve());
  client.on("end", () => resolve());
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    await refineRejection(error, target, signal);
    throw socket.errored ?? error;
  }
  return {
    lost,
    version: () => version,
    destroy: () => void socket.destroy(),
    query: (inner) => guarded(socket, inner, () => ping(client, options.writable !== false)),
    assert: (inner) => guarded(socket, inner, () => assertAll(client, options)),
    read: (statement, inner) =>
      guarded(socket, inner, () =>
        inReadOnly(client, options, async (run) => singleValue(await run(statement, []))),
      ),
    rows: (text, values, inner) =>
      guarded(socket, inner, () =>
        inReadOnly(client, options, () =>
          readRows(client, text, values).catch((error: unknown) => {
            // The rest of its rows would still be read before the transaction ends.
            if (error instanceof CauseError) socket.destroy();
            throw error;
          }),
        ),
      ),
  };
}

/** A message of the protocol, which pg's types leave out. */
interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}

/**
 * "no encryption" in a rejection is said whenever the login was not encrypted, also where no rule would admit it with
 * TLS either. A server that has no TLS cannot have meant TLS.
 *
 * @throws {CauseError} `HOST_NOT_ALLOWED` in that case.
 */
async function refineRejection(rejection: unknown, target: Target, signal: AbortSignal): Promise<void> {
  const text = messageOf(rejection);
  if (target.tls !== undefined || codeOf(rejection) !== "28000" || !text.includes("no encryption")) return;
  let socket: Socket | undefined;
  try {
    socket = await openSocket({ endpoint: target.endpoint, ms: 250, signal });
    const settings = { rejectUnauthorized: false };
    await secureSocket({ socket, settings, negotiation: "postgres", ms: 250, signal });
  } catch (reason) {
    if (codeOf(reason) === "TLS_DECLINED")
      throw new CauseError("HOST_NOT_ALLOWED", text, { cause: rejection });
  } finally {
    socket?.destroy();
  }
}

/** pg cannot abandon a query: whoever stops waiting ends the connection, or the next query would wait behind it. */
async function guarded<T>(socket: GuardedSocket, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const onAbort = (): void => void socket.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await work();
  } catch (error) {
    throw socket.errored ?? error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function ping(client: Client, writable: boolean): Promise<void> {
  const { rows } = await client.query<[string]>({
    text: "SELECT current_setting('transaction_read_only')",
    rowMode: "array",
  });
  if (writable && rows[0]?.[0] === "on") {
    throw new CauseError(
      "READ_ONLY",
      "transaction_read_only is on: a standby, or a role or database set to read-only",
    );
  }
}

type Run = (text: string, values: readonly unknown[]) => Promise<unknown[][]>;

/** In a read-only transaction with the server's own time limit: a statement can neither change nor overload anything. */
async function inReadOnly<T>(
  client: Client,
  { deadlines }: PostgresOptions,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${serverLimit(deadlines.queryMs)}`);
  try {
    return await work((text, values) => readValues(client, text, values));
  } finally {
    await client.query("ROLLBACK").catch(() => undefined);
  }
}

async function assertAll(client: Client, options: PostgresOptions): Promise<void> {
  const { assert, table, migration } = options;
  if (assert.length === 0 && table === undefined && migration === undefined) return;
  await inReadOnly(client, options, async (run) => {
    if (table !== undefined) await expectTable(table, run);
    if (migration !== undefined) {
      const [found] = await run("SELECT to_regclass($1)", [quoteName(migration.table)]);
      if (found?.[0] === null)
        throw new CauseError("MIGRATION_MISSING", `there is no table ${migration.table}`);
      const text = `SELECT ${quoteName(migration.column)}::text FROM ${quoteName(migration.table)}`;
      expectMigration(
        migration,
        (await run(text, [])).map(([version]) => String(version)),
      );
    }
    for (const assertion of assert)
      expectValue(assertion, await run(assertion.query, assertion.params ?? []));
  });
}

async function expectTable(table: string, run: Run): Promise<void> {
  const [row] = await run("SELECT t::text, has_table_privilege(t, 'SELECT') FROM to_regclass($1) AS t", [
    quoteName(table),
  ]);
  if (row?.[0] === null) throw new CauseError("TABLE_MISSING", `there is no table ${table}`);
  if (row?.[1] === false) throw new CauseError("PERMISSION_DENIED", `permission denied: SELECT on ${table}`);
}

/** Below our own deadline, so that the server ends what is too slow, and its answer says so. Milliseconds. */
const serverLimit = (queryMs: number): number => Math.max(1, Math.floor(queryMs * 0.8));
