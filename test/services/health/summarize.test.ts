import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { httpStatus, summarize } from "../../../services/health/summarize.ts";

const statuses = ["pass", "warn", "fail", "unknown"] as const;
const anyCheck = fc.record({ required: fc.boolean(), status: fc.constantFrom(...statuses) });
const anyChecks = fc.array(anyCheck, { minLength: 1, maxLength: 8 });
const severity = { pass: 0, warn: 1, fail: 2, unknown: 2 } as const;

describe("summarize", () => {
  test("a set without any check is fail", () => {
    expect(summarize([])).toBe("fail");
  });

  test("a required check that neither passes nor warns makes it fail, wherever it stands", () => {
    fc.assert(
      fc.property(anyChecks, fc.constantFrom("fail", "unknown"), fc.nat(8), (checks, status, at) => {
        expect(summarize(checks.toSpliced(at, 0, { required: true, status }))).toBe("fail");
      }),
    );
  });

  test("it is pass only when every check passes", () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        expect(summarize(checks) === "pass").toBe(checks.every(({ status }) => status === "pass"));
      }),
    );
  });

  test("optional checks alone never make it fail", () => {
    const optional = fc.array(
      anyCheck.map((check) => ({ ...check, required: false })),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(optional, (checks) => {
        expect(summarize(checks)).not.toBe("fail");
      }),
    );
  });

  test("it is monotone: a check that gets worse, or becomes required, never makes the whole better", () => {
    fc.assert(
      fc.property(anyChecks, fc.nat(7), anyCheck, (checks, at, other) => {
        const index = at % checks.length;
        const before = checks[index] ?? other;
        const worse = {
          required: before.required || other.required,
          status: severity[other.status] >= severity[before.status] ? other.status : before.status,
        };
        expect(severity[summarize(checks.with(index, worse))]).toBeGreaterThanOrEqual(
          severity[summarize(checks)],
        );
      }),
    );
  });

  test("the order of the checks does not matter", () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        expect(summarize(checks.toReversed())).toBe(summarize(checks));
      }),
    );
  });
});

test.each([
  ["pass", false, 200],
  ["pass", true, 200],
  ["warn", false, 200],
  ["warn", true, 503],
  ["fail", false, 503],
  ["fail", true, 503],
] as const)("the HTTP status of %s with failOnWarn %s is %i", (status, failOnWarn, expected) => {
  expect(httpStatus(status, failOnWarn)).toBe(expected);
});
