import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderRun } from "../../../src/views/run-human.ts";
import {
  hostileRecord,
  incident,
  judged,
  recordOf,
  redRecord,
  triageOf,
  unfitRecord,
} from "./reports/records.ts";

const plain = { width: Number.POSITIVE_INFINITY, color: false, unicode: true };
const squeeze = (text: string): string => text.replaceAll(/\s+/g, " ");

describe("a run as text", () => {
  test("has the verdict first, then the requirements, each red test with its incident, and numbered steps", () => {
    const text = renderRun(redRecord(), plain);
    const order = [
      "The environment's fault: 1 test failed",
      "Suite database in staging (2026.3.1)",
      "12 tests: 11 passed, 1 failed, 0 skipped",
      "requirement",
      "postgres",
      "Environment failures (1)",
      "pytest tests.test_orders test_create",
      "It ran while postgres was down.",
      "postgres: CONNECT_REFUSED (Connection refused), 12:00:04–12:00:31 UTC",
      "psycopg.OperationalError: connection refused",
      "1 incident while it was watched",
      "Next steps",
      "1. Start Postgres on db.internal:5432.",
      "2. Run the suite again",
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text.startsWith("The environment's fault")).toBe(true);
  });

  test("of a wait says of each requirement what it is, and why the suite may not start", () => {
    const text = squeeze(renderRun(unfitRecord(), plain));
    expect(text).toContain("postgres fail AUTH_FAILED at authenticate");
    expect(text).toContain("websocket fail CONNECT_REFUSED at connect (optional)");
    expect(text).toContain("✗ postgres fails: The password is wrong.");
    expect(text).toContain("1. Set the right password.");
  });

  test("groups red tests by attribution, shows twenty, and says how many more there are and where", () => {
    const tests = Array.from({ length: 30 }, (_, index) =>
      judged({ name: `test_${index}`, attribution: index < 5 ? "test" : "environment" }),
    );
    const text = renderRun(redRecord({ triage: triageOf(tests), junit: ["out/junit.xml"] }), plain);
    expect(text).toContain("Test failures: the environment was fit (5)");
    expect(text).toContain("Environment failures (25)");
    expect(text.match(/test_\d+$/gm)).toHaveLength(20);
    expect(text).toContain("… and 10 more.");
    expect(text).toContain("All 30 red tests with their attribution: --report json=PATH");
    expect(text).toContain("out/junit.xml");
  });

  test("cuts the other lists too", () => {
    const many = Array.from({ length: 15 }, (_, index) => `number ${index}`);
    const incidents = many.map((id) => ({ ...incident, id }));
    const text = renderRun(redRecord({ nextSteps: many, notes: many, incidents }), plain);
    expect(text.match(/… and 5 more\./g)).toHaveLength(3);
    expect(text).toContain("15 incidents");
  });

  test("of a good run is the verdict and the requirements", () => {
    const text = renderRun(recordOf(), plain);
    expect(text).toMatch(/^Passed: 12 tests passed\.\n/);
    expect(text).not.toMatch(/Next steps|incident|✗/);
  });

  test("fits 80 columns", () => {
    const record = redRecord({ summary: "word ".repeat(60), notes: ["note ".repeat(50)] });
    const long = renderRun(record, { ...plain, width: 80 })
      .split("\n")
      .filter((line) => line.length > 80);
    expect(long).toEqual([]);
  });

  test("in colour has the same words, and in ASCII no other character", () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        const text = renderRun(record, plain);
        // oxlint-disable-next-line no-control-regex
        expect(text.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/);
        // oxlint-disable-next-line no-control-regex
        expect(renderRun(record, { ...plain, color: true }).replaceAll(/\u001B\[\d+m/g, "")).toBe(text);
        // oxlint-disable-next-line no-control-regex
        expect(renderRun(record, { ...plain, unicode: false })).toMatch(/^[\u0000-\u007F]*$/);
      }),
    );
  });
});
