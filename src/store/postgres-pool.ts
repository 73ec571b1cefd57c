import { Pool, type PoolClient } from "pg";
import { messageOf } from "../../services/dependencies/classify.ts";
import type { TlsOptions } from "../../services/dependencies/options.ts";
import { postgresLogin, postgresSocket } from "../../services/dependencies/postgres-login.ts";
import { parseTarget } from "../../services/dependencies/target.ts";
import { StoreError } from "../../services/remediation/store-error.ts";
import { POSTGRES_TABLES, POSTGRES_VERSION, postgresUpgrade, SCHEMA_LOCK } from "./postgres-schema.ts";

export interface PostgresStoreOptions {
  readonly url: string;
  readonly tls: TlsOptions;
  /** Of one statement, and of a login, ms. Default: 5 s. */
  readonly statementMs?: number;
}

export type Run = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** A few connections, and transactions on them. */
export interface PostgresPool {
  /**
   * Whole or not at all. The tables are made before the first.
   *
   * @throws {StoreError}
   */
  inTransaction<T>(work: (run: Run) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const CONNECTIONS = 2;

export function openPool({ url, tls, statementMs = 5000 }: PostgresStoreOptions): PostgresPool {
  const address = parseTarget({ url, defaultPort: 5432, tls, negotiation: "postgres" });
  const { target, redact } = address;
  const pool = new Pool({
    ...postgresLogin(address),
    stream: postgresSocket,
    application_name: "greenlight store",
    max: CONNECTIONS,
    connectionTimeoutMillis: statementMs,
    // The server's own limit first, ours for a server that says nothing any more.
    statement_timeout: statementMs,
    query_timeout: statementMs + 1000,
    idle_in_transaction_session_timeout: statementMs + 1000,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  });
  // Without a listener an error would end the process: of a connection that nobody uses, and of one in use, where the
  // statement has failed already.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  let made: Promise<void> | undefined;

  const asStoreError = (error: unknown): StoreError =>
    error instanceof StoreError
      ? error
      : new StoreError(
          "STORE_UNAVAILABLE",
          `the store at ${target.host}:${target.port} cannot be used: ${redact(messageOf(error))}`,
          { cause: error },
        );

  async function connected<T>(work: (run: Run) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    try {
      client = await connect(pool);
      const result = await transaction(client, work);
      client.release();
      return result;
    } catch (error) {
      // What is left of its transaction goes with the connection.
      client?.release(true);
      throw asStoreError(error);
    }
  }

  return {
    async inTransaction(work) {
      made ??= connected(makeTables).catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      await made;
      return connected(work);
    },
    close: () => (pool.ended ? Promise.resolve() : pool.end()),
  };
}

/** A connection in a transaction of its own. One that died while nobody used it shows here, and is replaced. */
async function connect(pool: Pool): Promise<PoolClient> {
  for (let tries = 1; ; tries += 1) {
    const client = await pool.connect();
    try {
      // What a role or a database is set to may not make a commit less than durable.
      await client.query("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on");
      return client;
    } catch (error) {
      client.release(true);
      if (tries > CONNECTIONS) throw error;
    }
  }
}

async function transaction<T>(client: PoolClient, work: (run: Run) => Promise<T>): Promise<T> {
  const run: Run = async (text, values = []) => (await client.query({ text, values: [...values] })).rows;
  const result = await work(run);
  await client.query("COMMIT");
  return result;
}

async function makeTables(run: Run): Promise<void> {
  await run("SELECT pg_advisory_xact_lock($1)", [SCHEMA_LOCK]);
  const [there] = await run<{ found: string | null }>(
    "SELECT to_regclass('greenlight_store')::text AS found",
  );
  if (there?.found === null) {
    await run(POSTGRES_TABLES);
    return;
  }
  const [row] = await run<{ version: number }>("SELECT version FROM greenlight_store");
  if (row === undefined || row.version > POSTGRES_VERSION)
    throw new StoreError(
      "STORE_UNREADABLE",
      `the tables of the store were made by a later Greenlight: version ${row?.version ?? "none"}, expected at most ${POSTGRES_VERSION}`,
    );
  if (row.version < POSTGRES_VERSION) await run(postgresUpgrade(row.version));
}
