import { CauseError } from "../errors.ts";
import type { Assertion, MigrationExpectation } from "./options.ts";

/** Runs one statement on the connection under test and gives its rows as arrays of values. */
export type RunQuery = (query: string, params: readonly unknown[]) => Promise<unknown[][]>;

/**
 * Compares the single value a query answered with the expected one, as text: drivers give big integers as strings,
 * and the file that holds the expectation gives numbers.
 *
 * @throws {CauseError} `ASSERTION_FAILED`, with both values.
 */
export function expectValue(assertion: Assertion, rows: readonly unknown[][]): void {
  const found = rows[0]?.[0];
  if (rows.length > 0 && asText(found) === asText(assertion.equals)) return;
  const seen = rows.length === 0 ? "no row" : String(asText(found));
  throw new CauseError(
    "ASSERTION_FAILED",
    `${assertion.query}: expected ${String(assertion.equals)}, found ${seen}`,
  );
}

/** The single value of a query as a text; undefined when there is none. */
export const singleValue = (rows: readonly unknown[][]): string | undefined =>
  asText(rows[0]?.[0]) ?? undefined;

/**
 * Judges the list of applied versions: none at all, the expected one not among them, or newer ones too.
 *
 * @throws {CauseError} `MIGRATION_MISSING`, `MIGRATION_BEHIND` or `MIGRATION_AHEAD` (which is a warning).
 */
export function expectMigration(expected: MigrationExpectation, applied: readonly string[]): void {
  const newest = applied.toSorted(byVersion()).at(-1);
  if (newest === undefined) {
    throw new CauseError("MIGRATION_MISSING", `${expected.table} is empty, expected ${expected.version}`);
  }
  if (!applied.includes(expected.version)) {
    throw new CauseError(
      "MIGRATION_BEHIND",
      `expected ${expected.version} in ${expected.table}, newest is ${newest}`,
    );
  }
  if (newest !== expected.version) {
    throw new CauseError(
      "MIGRATION_AHEAD",
      `expected ${expected.version} in ${expected.table}, newest is ${newest}`,
    );
  }
}

/** Quotes `schema.table` part by part, in the way both Postgres and ClickHouse read. */
export function quoteName(name: string): string {
  return name
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
}

/** Made when a migration is judged: loading the collation takes longer than a driver. */
function byVersion(): (a: string, b: string) => number {
  const collator = new Intl.Collator("en", { numeric: true });
  return (a, b) => collator.compare(a, b);
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}
