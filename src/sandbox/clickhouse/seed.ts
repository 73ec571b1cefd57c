import type { Engine } from "./engine.ts";

const statements = [
  "CREATE DATABASE IF NOT EXISTS app",
  `CREATE TABLE IF NOT EXISTS app.events (id UInt64, name String, at DateTime DEFAULT now())
   ENGINE = MergeTree ORDER BY id`,
  `CREATE TABLE IF NOT EXISTS app.schema_migrations (version String) ENGINE = MergeTree ORDER BY version`,
  `INSERT INTO app.events (id, name)
   SELECT number + 1, ['signup', 'login', 'order'][number + 1] FROM numbers(3)
   WHERE (SELECT count() FROM app.events) = 0`,
  `INSERT INTO app.schema_migrations
   SELECT '20260101000000' WHERE (SELECT count() FROM app.schema_migrations) = 0`,
];

/** Creates the database `app` with a few rows, unless it is there from before a restart. */
export async function seedClickHouse(engine: Engine): Promise<void> {
  for (const sql of statements) {
    await engine.run({ sql, format: "Null", database: undefined, parameters: {}, settings: {} });
  }
}
