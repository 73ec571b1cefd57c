import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectMigration, expectValue, quoteName } from "../../../services/dependencies/expectations.ts";

const migration = (version: string): { table: string; column: string; version: string } => ({
  table: "schema_migrations",
  column: "version",
  version,
});

describe("expectMigration", () => {
  test.each<[string, string, readonly string[], string | undefined]>([
    ["no version at all", "3", [], "MIGRATION_MISSING"],
    ["the expected one as the newest", "10", ["1", "9", "10"], undefined],
    ["numbers are compared as numbers: 9 is older than 10", "9", ["9", "10"], "MIGRATION_AHEAD"],
    ["numbers are compared as numbers: 10 is newer than 9", "10", ["10", "9"], undefined],
    ["only older ones", "10", ["8", "9"], "MIGRATION_BEHIND"],
    ["the expected one left out", "9", ["8", "10"], "MIGRATION_BEHIND"],
    ["timestamps", "20240101000000", ["20231231235959", "20240101000000"], undefined],
    ["names with numbers: V2 before V10", "V10__users", ["V2__base", "V10__users"], undefined],
    ["zero-padded names", "0002_b", ["0001_a", "0002_b", "0010_c"], "MIGRATION_AHEAD"],
    ["plain names are compared as text", "b", ["a", "b"], undefined],
    ["plain names, a newer one", "b", ["a", "b", "c"], "MIGRATION_AHEAD"],
  ])("%s", (_what, version, applied, code) => {
    const judge = (): void => expectMigration(migration(version), applied);
    if (code === undefined) expect(judge).not.toThrow();
    else expect(judge).toThrow(expect.objectContaining({ code }));
  });

  test("whatever the order of the rows, the judgement is the same", () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(fc.nat(10_000), { minLength: 1 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const newest = String(Math.max(...all));
          expect(() => expectMigration(migration(newest), shuffled.map(String))).not.toThrow();
        },
      ),
    );
  });
});

const judge = (equals: string | number | boolean | null, rows: readonly unknown[][]) => (): void =>
  expectValue({ query: "SELECT 1", equals }, rows);

describe("expectValue", () => {
  test.each<[string | number | boolean | null, unknown]>([
    [1, "1"],
    ["1", 1],
    [9_007_199_254_740_991, "9007199254740991"],
    [true, true],
    [true, "true"],
    [null, null],
    ["", ""],
    ["2024-01-01T00:00:00.000Z", new Date("2024-01-01")],
    [3, 3n],
  ])("%j equals the value found %s, compared as text", (equals, found) => {
    expect(judge(equals, [[found]])).not.toThrow();
  });

  test.each<[string | number | boolean | null, unknown]>([
    [null, "null"],
    ["null", null],
    ["", null],
    [0, null],
    [false, 0],
    [1, "1.0"],
    ["a", "A"],
  ])("%j does not equal %j", (equals, found) => {
    expect(judge(equals, [[found]])).toThrow(expect.objectContaining({ code: "ASSERTION_FAILED" }));
  });

  test("no row equals nothing, not even null", () => {
    expect(judge(null, [])).toThrow("found no row");
  });
});

test("quoteName quotes each part, and a quote inside cannot end it", () => {
  expect(quoteName("public.users")).toBe('"public"."users"');
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes(".")),
      (name) => {
        expect(quoteName(name)).toMatch(/^"(?:[^"]|"")*"$/);
      },
    ),
  );
});
