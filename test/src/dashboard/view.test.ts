import { assert, constantFrom, integer, option, property, record, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Part } from "../../../src/dashboard/types.ts";
import { viewOf } from "../../../src/dashboard/view.js";
import { gate, gates, health, part, unreachable, wellKnown } from "./known.ts";

const NOW = 1000;
const view = (parts: ReadonlyMap<string, Part>, now = NOW) => viewOf({ parts, now, runs: false });
const tonesOf = (rows: readonly { tone: string }[]) => [...new Set(rows.map(({ tone }) => tone))];

describe("what the page says first", () => {
  test("is go when every suite was go a moment ago, with nothing to be alarmed about", () => {
    const { headline, suites, alarm, dependencies, title } = view(wellKnown());
    expect(headline).toMatchObject({
      tone: "go",
      title: "Fit to be tested",
      text: "All 2 suites may start.",
    });
    expect(tonesOf(suites)).toEqual(["go"]);
    expect(tonesOf(dependencies.rows)).toEqual(["go"]);
    expect(alarm).toBeUndefined();
    expect(title).toBe("Fit to be tested · staging · Greenlight");
  });

  test("is that nobody can tell before anything was answered, without an alarm", () => {
    const { headline, suites, alarm } = view(new Map());
    expect(headline).toMatchObject({ tone: "unknown", title: "Cannot tell" });
    expect(suites).toEqual([]);
    expect(alarm).toBeUndefined();
  });

  test("names the suites that may not start, and the worst of them", () => {
    const parts = wellKnown().set("/gate/e2e", part(gate("e2e", "stop"), { status: 503 }));
    expect(view(parts).headline).toEqual({
      tone: "stop",
      title: "Not fit for every suite",
      text: "1 of 2 suites may not start: e2e.",
    });
  });

  test("is no go for a service without suites", () => {
    expect(view(wellKnown().set("/gate", part(gates()))).headline.tone).toBe("unknown");
  });
});

describe("what is old or could not be had", () => {
  test("13 s after the last answers nothing is green any more, and it is said how old it is", () => {
    const { headline, suites, dependencies, alarm, title } = view(wellKnown(), 13_000);
    expect(tonesOf([headline, ...suites, ...dependencies.rows])).toEqual(["unknown"]);
    expect(alarm).toBe("No newer answer has come. What came before is not believed any more.");
    expect(suites[0]).toMatchObject({ word: "Unknown", notes: ["It was go 13 s ago."] });
    expect(title).toBe("Cannot tell · staging · Greenlight");
  });

  test("one failed try for the verdicts is enough, however recent they are", () => {
    const parts = wellKnown();
    for (const [path, known] of parts) parts.set(path, { ...known, trouble: unreachable });
    const { headline, suites, dependencies, alarm } = view(parts);
    expect(tonesOf([headline, ...suites, ...dependencies.rows])).toEqual(["unknown"]);
    expect(alarm).toContain("The service does not answer");
  });

  test("a suite whose own answer failed is unknown beside one that is go", () => {
    const parts = wellKnown().set("/gate/e2e", part(gate("e2e"), { trouble: unreachable }));
    const { headline, suites } = view(parts);
    expect(suites.map(({ tone }) => tone)).toEqual(["go", "unknown"]);
    expect(headline.tone).toBe("unknown");
  });

  test("lists say how old they are, and that nothing was found is said of a whole answer alone", () => {
    const parts = wellKnown().set("/findings", part({ complete: false, findings: [] }));
    expect(view(parts).findings).toMatchObject({
      note: "Not everything has been looked at yet.",
      stale: false,
    });
    expect(view(wellKnown(), 40_000).findings).toMatchObject({ note: "As it was 40 s ago.", stale: true });
  });
});

describe("answers that make no sense", () => {
  test.each([
    ["a go that came with 503", part(gate("e2e"), { status: 503 })],
    ["a wait that came with 200", part(gate("e2e", "wait"))],
    ["a go for another suite", part(gate("database"))],
    ["a verdict that nobody knows", part(gate("e2e", "GO"))],
    ["a name of every object as verdict", part(gate("e2e", "constructor"))],
    ["a list", part([])],
    ["nothing", part(null)],
  ])("%s is unknown", (_what, answer) => {
    const { suites, headline } = view(wellKnown().set("/gate/e2e", answer));
    expect(suites[1]?.tone).toBe("unknown");
    expect(headline.tone).not.toBe("go");
  });

  test("health that says pass with 503, or is stale as a whole, shows no dependency as well", () => {
    const body = health({ name: "redis", status: "pass" });
    for (const answer of [part(body, { status: 503 }), part({ ...(body as object), stale: true })])
      expect(tonesOf(view(wellKnown().set("/health", answer)).dependencies.rows)).toEqual(["unknown"]);
  });
});

test("nothing but a recent and plain go of every suite, after a try that did not fail, makes the page say go", () => {
  const answers = record({
    verdict: constantFrom("go", "go", "go", "wait", "stop", "inconclusive", "other"),
    status: constantFrom(200, 200, 200, 503),
    at: option(integer({ min: -30_000, max: 1000 }), { nil: undefined }),
    trouble: constantFrom(undefined, undefined, undefined, unreachable),
    about: constantFrom("self", "self", "self", "another"),
  });
  assert(
    property(tuple(answers, answers, answers), ([list, first, second]) => {
      const known = wellKnown();
      const { status, at, trouble } = list;
      known.set("/gate", { body: gates("database", "e2e"), status, at, trouble });
      for (const [name, each] of [
        ["database", first],
        ["e2e", second],
      ] as const) {
        const body = gate(each.about === "self" ? name : "x", each.verdict);
        known.set(`/gate/${name}`, { body, status: each.status, at: each.at, trouble: each.trouble });
      }
      const isRecent = ({ at, trouble }: typeof list) =>
        at !== undefined && NOW - at <= 12_000 && trouble === undefined;
      const isGo = (each: typeof list) =>
        isRecent(each) && each.verdict === "go" && each.status === 200 && each.about === "self";
      const shouldGo = isRecent(list) && list.status === 200 && isGo(first) && isGo(second);
      expect(view(known).headline.tone === "go").toBe(shouldGo);
      expect(view(known).suites.map(({ tone }) => tone === "go")).toEqual([isGo(first), isGo(second)]);
    }),
    { numRuns: 500 },
  );
});
