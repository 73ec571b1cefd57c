import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { SandboxError } from "../errors.ts";

/** Who the application is. */
export interface SeedOptions {
  adminUrl: (database: string) => string;
  user: string;
  password: string;
  database: string;
  /** TLS servers of the tests have certificates nobody else trusts. */
  tls: boolean;
}

const schema = `
  CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE);
  INSERT INTO users VALUES (1, 'Ada', 'ada@example.com'), (2, 'Grace', 'grace@example.com'), (3, 'Edsger', 'edsger@example.com');
  CREATE TABLE orders (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users, total numeric(10, 2) NOT NULL);
  INSERT INTO orders VALUES (1, 1, 19.90), (2, 2, 5.00);
  CREATE TABLE schema_migrations (version text PRIMARY KEY);
  INSERT INTO schema_migrations VALUES ('20260101000000');`;

/** Creates the role of the application, its database and a small schema. Throws `START_FAILED`. */
export async function seedPostgres(options: SeedOptions): Promise<void> {
  const role = escapeIdentifier(options.user);
  const database = escapeIdentifier(options.database);
  await run(options, "postgres", [
    `CREATE ROLE ${role} LOGIN PASSWORD ${escapeLiteral(options.password)}`,
    `CREATE DATABASE ${database} OWNER ${role}`,
  ]);
  await run(options, options.database, [`SET ROLE ${role}`, schema]);
}

async function run(options: SeedOptions, database: string, statements: readonly string[]): Promise<void> {
  const client = new Client({
    connectionString: options.adminUrl(database),
    ssl: options.tls ? { rejectUnauthorized: false } : false,
    connectionTimeoutMillis: 5000,
  });
  try {
    await client.connect();
    for (const statement of statements) {
      await client.query(statement);
    }
  } catch (cause) {
    throw new SandboxError("START_FAILED", `Postgres could not be seeded: ${String(cause)}`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}
