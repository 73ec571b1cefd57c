/** Parsed expectations → the members of the options that adapters read. */
import type {
  Assertion,
  HttpOptions,
  MigrationExpectation,
  RedisOptions,
} from "../../services/dependencies/options.ts";
import type { InferOutput } from "valibot";
import { MIGRATIONS } from "./schema-expectations.ts";
import type { assertSchema, headersSchema, jsonSchema, keySchema } from "./schema-expectations.ts";

export function toAssertions(parsed: InferOutput<typeof assertSchema>): Assertion[] {
  return parsed.map(({ query, params, equals }) => ({ query, equals, ...(params && { params }) }));
}

interface GivenMigration {
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly version: string;
}

/** @param own what the environment says of the same database: the table is mostly the same */
export function toMigration(given: GivenMigration, own?: MigrationExpectation): MigrationExpectation {
  const { table = own?.table ?? MIGRATIONS.table, version } = given;
  const column = given.column ?? (own?.table === table ? own.column : undefined) ?? MIGRATIONS.column;
  return { table, column, version };
}

export function toKey(parsed: InferOutput<typeof keySchema>): NonNullable<RedisOptions["key"]> {
  if (typeof parsed === "string") return { name: parsed };
  const { name, equals } = parsed;
  return equals === undefined ? { name } : { name, equals };
}

export function toHeaders(parsed: InferOutput<typeof headersSchema>): HttpOptions["headers"] {
  return parsed.map(({ name, equals }) => ({ name, ...(equals !== undefined && { equals }) }));
}

export function toMembers(parsed: InferOutput<typeof jsonSchema>): HttpOptions["json"] {
  return parsed.map(({ pointer, equals }) => ({ pointer, ...(equals !== undefined && { equals }) }));
}
