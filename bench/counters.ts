import { Redis } from "ioredis";
import { Client } from "pg";
import type { ClickHouseServer } from "../src/sandbox/clickhouse/clickhouse.ts";
import type { Environment } from "../src/sandbox/environment.ts";
import { BenchError } from "./errors.ts";

/** What the backends themselves have counted since they started. */
export interface Counts {
  readonly postgres: number;
  readonly clickhouse: number;
  readonly redis: number;
}

/** Connections of the servers under test that the backends have open. */
export interface Sessions extends Counts {
  /** Postgres sessions that run a statement at this moment. */
  readonly activeInPostgres: number;
}

/** Asks the backends past the proxies, as an administrator; what it asks is in none of the counts. */
export interface Counters {
  counts(): Promise<Counts>;
  sessions(): Promise<Sessions>;
  close(): Promise<void>;
}

/** Connects to the backends. Throws what their drivers throw. */
export async function openCounters({ dependencies }: Environment): Promise<Counters> {
  const [postgres, clickhouse, redis] = (["postgres", "clickhouse", "redis"] as const).map((name) => {
    const dependency = dependencies.get(name);
    if (dependency === undefined) {
      throw new BenchError(`The environment has no ${name}.`);
    }
    return dependency;
  }) as [Dependency, Dependency, Dependency];
  // Another database than that of the servers under test, so that its own statements can be told apart.
  const sql = new Client({ connectionString: postgres.server.adminUrl({ database: "postgres" }) });
  const admin = new Redis(redis.server.adminUrl(), { lazyConnect: true });
  await sql.connect();
  await admin.connect();
  await sql.query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");

  async function number(text: string): Promise<readonly number[]> {
    const { rows } = await sql.query<unknown[]>({ text, rowMode: "array" });
    return (rows[0] ?? []).map(Number);
  }

  return {
    async counts() {
      const [calls = Number.NaN] = await number(
        "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = 'app'",
      );
      return {
        postgres: calls,
        clickhouse: (clickhouse.server as ClickHouseServer).queries(),
        redis: pingsIn(await admin.info("commandstats")),
      };
    },
    async sessions() {
      const [open = Number.NaN, active = Number.NaN] = await number(
        "SELECT count(*), count(*) FILTER (WHERE state = 'active') FROM pg_stat_activity WHERE datname = 'app' AND backend_type = 'client backend'",
      );
      const clients = String(await admin.client("LIST"));
      return {
        postgres: open,
        activeInPostgres: active,
        clickhouse: clickhouse.proxy.connections(),
        redis: clients.split("\n").filter((line) => / user=app /.test(line)).length,
      };
    },
    async close() {
      admin.disconnect();
      await sql.end();
    },
  };
}

type Dependency = NonNullable<ReturnType<Environment["dependencies"]["get"]>>;

/** The PING commands in the section `commandstats` of Redis' INFO. */
export function pingsIn(info: string): number {
  return Number(/^cmdstat_ping:calls=(\d+)/m.exec(info)?.[1] ?? 0);
}
