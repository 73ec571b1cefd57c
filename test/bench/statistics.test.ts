import { describe, expect, it } from "vitest";
import { quantile, ratios, rotate, spread, spreadRounds } from "../../bench/statistics.ts";

describe("quantile", () => {
  it("interpolates between neighbours, whatever the order", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([30, 10, 20], 0.25)).toBe(15);
    expect(quantile([7], 0.99)).toBe(7);
  });

  it("is not a number for an empty sample", () => {
    expect(quantile([], 0.5)).toBeNaN();
    expect(spread([])).toMatchObject({ n: 0 });
  });
});

describe("ratios", () => {
  it("compares within a round and leaves out rounds that one of the two lacks", () => {
    const mine = new Map([
      [0, 10],
      [1, 30],
      [3, 5],
    ]);
    const theirs = new Map([
      [0, 5],
      [1, 20],
      [2, 1],
    ]);
    expect(ratios(mine, theirs)).toEqual([2, 1.5]);
  });

  it("does not divide by nothing", () => {
    expect(ratios(new Map([[0, 1]]), new Map([[0, 0]]))).toEqual([]);
    expect(ratios(new Map([[0, Number.NaN]]), new Map([[0, 2]]))).toEqual([]);
  });
});

describe("rounds", () => {
  it("begin elsewhere each time", () => {
    expect([0, 1, 2, 3].map((round) => rotate(["a", "b", "c"], round).join(""))).toEqual([
      "abc",
      "bca",
      "cab",
      "abc",
    ]);
    expect(rotate([], 3)).toEqual([]);
  });

  it("of the guests are spread over the whole run", () => {
    expect([...spreadRounds(30, 5)]).toEqual([0, 6, 12, 18, 24]);
    expect([...spreadRounds(2, 5)]).toEqual([0, 1]);
  });
});
