import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeSkew, expectClock, measureSkew } from "../../../../services/dependencies/auth/clock-skew.ts";

const base = Date.parse("2026-11-22T00:00:00Z");
const header = (ms: number): string => new Date(Math.floor(ms / 1000) * 1000).toUTCString();

describe("measureSkew", () => {
  test("whatever the true skew, the request's time and the header's seconds, it is never overstated", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -7_200_000, max: 7_200_000 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 0, max: 999 }),
        (skew, there, back, offset) => {
          const sentAt = base + offset;
          const receivedAt = sentAt + there + back;
          const headers = { date: header(sentAt + there + skew) };
          const found = measureSkew({ sentAt, receivedAt, headers }) ?? Number.NaN;
          expect(Math.abs(found)).toBeLessThanOrEqual(Math.abs(skew));
          expect(Math.abs(found - skew)).toBeLessThanOrEqual(there + back + 1000);
          if (found !== 0) expect(Math.sign(found)).toBe(Math.sign(skew));
        },
      ),
    );
  });

  test("no Date, or one that cannot be read, is not judged", () => {
    for (const headers of [{}, { date: "soon" }, { date: "" }])
      expect(measureSkew({ sentAt: base, receivedAt: base, headers })).toBeUndefined();
    expect(() => expectClock(undefined, 0)).not.toThrow();
  });

  test("a cache's Age is added to its Date", () => {
    const headers = { date: header(base - 300_000), age: "300" };
    expect(measureSkew({ sentAt: base, receivedAt: base + 10, headers })).toBe(0);
  });
});

describe("expectClock", () => {
  test("accepts the limit and refuses more, in both directions", () => {
    expect(() => expectClock(60_000, 60_000)).not.toThrow();
    expect(() => expectClock(61_000, 60_000)).toThrow("61 s ahead of ours, allowed are 60 s");
    expect(() => expectClock(-61_000, 60_000)).toThrow("61 s behind ours, allowed are 60 s");
  });

  test("a skew is told in whole seconds", () => {
    expect(describeSkew(599_600)).toBe("600 s ahead of");
  });
});
