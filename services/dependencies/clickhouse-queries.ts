import { randomInt } from "node:crypto";
import type { ClickHouseClient, ClickHouseSettings } from "@clickhouse/client";
import { CauseError } from "../errors.ts";
import { recogniseClickhouse } from "./clickhouse-errors.ts";
import { expectMigration, expectValue, quoteName } from "./expectations.ts";
import type { ClickhouseOptions } from "./options.ts";

interface Statement {
  readonly query: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly settings?: ClickHouseSettings;
  readonly signal: AbortSignal;
}

/** Runs one statement; rows as arrays of values. */
export async function run(
  client: ClickHouseClient,
  { query, params, settings, signal }: Statement,
): Promise<unknown[][]> {
  const result = await client.query({
    query,
    query_params: { ...params },
    format: "JSONCompactEachRow",
    abort_signal: signal,
    ...(settings === undefined ? {} : { clickhouse_settings: settings }),
  });
  return result.json<unknown[]>();
}

/** What a ClickHouse server tells to every user. */
export interface ServerFacts {
  /** The user's setting `readonly`: 0 for one who may write. */
  readonly readonly: number;
  /** As it was told: anything may be there. */
  readonly version: unknown;
}

/**
 * Asks for the facts in one round trip. Any web server answers 200; only ClickHouse knows these. A number that was never
 * asked for before comes back: proxies keep answers, whether or not the server behind them lives.
 */
export async function readFacts(client: ClickHouseClient, signal: AbortSignal): Promise<ServerFacts> {
  const asked = randomInt(1, 2 ** 31);
  const query = `SELECT toInt32(getSetting('readonly')), version(), toUInt32(${asked})`;
  const rows = await run(client, { query, signal });
  const [readonly, version, echo] = Array.isArray(rows[0]) ? rows[0] : [];
  if (rows.length === 1 && typeof readonly === "number" && echo === asked) return { readonly, version };
  if (typeof echo === "number") {
    throw new CauseError("PROTOCOL_MISMATCH", "the answer is that to another query: something keeps answers");
  }
  throw new CauseError("PROTOCOL_MISMATCH", "the answer is HTTP, but not ClickHouse's");
}

/**
 * An assertion can neither change nor overload anything, and its numbers arrive whole. A user with `readonly` = 1 may
 * set nothing; he has the first by himself.
 */
export function forAssertions({ deadlines }: ClickhouseOptions, readonly: number): ClickHouseSettings {
  if (readonly === 1) return {};
  return {
    readonly: "2",
    // Below our own deadline, so that the server ends what is too slow, and its answer says so.
    max_execution_time: (deadlines.queryMs * 0.8) / 1000,
    output_format_json_quote_64bit_integers: 1,
  };
}

type Run = (query: string, params?: Readonly<Record<string, unknown>>) => Promise<unknown[][]>;

/** Tests the configured expectations, each through `runQuery`. */
export async function assertAll(
  runQuery: Run,
  { assert, table, migration }: ClickhouseOptions,
): Promise<void> {
  if (table !== undefined) await runQuery(`SELECT 1 FROM ${quoteName(table)} LIMIT 0`);
  if (migration !== undefined) {
    const query = `SELECT toString(${quoteName(migration.column)}) FROM ${quoteName(migration.table)}`;
    const rows = await runQuery(query).catch((error: unknown) => {
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
    expectValue(assertion, await runQuery(assertion.query, params));
  }
}
