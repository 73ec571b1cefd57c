import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceptChanges, isNamed, subjectOf } from "../../../services/drift/accept.ts";
import { formatBaseline, makeBaseline } from "../../../services/drift/baseline.ts";
import { type Change, compareWithBaseline } from "../../../services/drift/compare.ts";
import { createIgnored } from "../../../services/drift/ignore.ts";
import { parseBaseline } from "../../../services/drift/parse-baseline.ts";
import type { Item, ItemState, Reading, SourceReading } from "../../../services/drift/reading.ts";
import { createFingerprinter } from "../../../services/env-files/fingerprint.ts";

const fingerprinter = createFingerprinter(new TextEncoder().encode("0123456789abcdef0123456789abcdef"));
const ignored = createIgnored([]);

const value = (text: string): ItemState => ({ kind: "value", text });
const source = (id: string, items: Readonly<Record<string, string>>): SourceReading => ({
  id,
  items: Object.entries(items).map(([key, text]): Item => ({ key, state: value(text) })),
});
const reading = (...sources: SourceReading[]): Reading => ({ sources, faults: [] });
const baselineOf = (given: Reading) => makeBaseline({ reading: given, fingerprinter, ignored });

function changesOf(before: Reading, after: Reading): readonly Change[] {
  const result = compareWithBaseline({
    baseline: baselineOf(before),
    reading: after,
    fingerprinter,
    ignored,
  });
  if (result.kind !== "compared") throw new Error("another key");
  return result.changes;
}

const unset = (key: string): Reading =>
  reading({ id: "compose:c", items: [{ key, state: { kind: "unset" } }] });

/** Short ones, so that equal keys and values occur, and any text, so that hostile ones do. */
const text = fc.oneof(fc.constantFrom("", "a", "true", "__proto__", "1"), fc.string({ unit: "binary" }));
const state: fc.Arbitrary<ItemState> = fc.oneof(
  { weight: 4, arbitrary: text.map(value) },
  fc.constantFrom<ItemState>({ kind: "unset" }, { kind: "reference", to: "secret a@1" }),
);
const items = fc.uniqueArray(fc.record({ key: text, state }), { selector: ({ key }) => key, maxLength: 12 });
const readings: fc.Arbitrary<Reading> = fc
  .uniqueArray(fc.record({ id: text, items }), { selector: ({ id }) => id, maxLength: 4 })
  .map((sources) => ({ sources, faults: [] }));

describe("compare(baseline(x), y)", () => {
  test("is empty where nothing changed, in whatever order, and through the text of the file", () => {
    fc.assert(
      fc.property(readings, (given) => {
        const parsed = parseBaseline(formatBaseline(baselineOf(given)));
        if (!parsed.ok) throw new Error(parsed.found);
        const sources = given.sources
          .map(({ id, items }) => ({ id, items: items.toReversed() }))
          .toReversed();
        const result = compareWithBaseline({
          baseline: parsed.baseline,
          reading: { sources, faults: [] },
          fingerprinter,
          ignored,
        });
        expect(result).toEqual({ kind: "compared", changes: [] });
      }),
    );
  });

  test("writes the same text whatever the order", () => {
    fc.assert(
      fc.property(readings, (given) => {
        const sources = given.sources
          .map(({ id, items }) => ({ id, items: items.toReversed() }))
          .toReversed();
        expect(formatBaseline(baselineOf({ sources, faults: [] }))).toBe(formatBaseline(baselineOf(given)));
      }),
    );
  });

  test("tells each single change once, and nothing else", () => {
    const withItem = readings.filter(({ sources }) => sources.some(({ items }) => items.length > 0));
    const kind = fc.constantFrom("changed", "added", "removed", "renamed", "source-added", "source-removed");
    fc.assert(
      fc.property(withItem, kind, fc.nat(), (before, kind, seed) => {
        const full = before.sources.filter(({ items }) => items.length > 0);
        const target = full[seed % full.length] as SourceReading;
        const index = seed % target.items.length;
        const item = target.items[index] as Item;
        const fresh = `fresh ${seed} ${before.sources.map(({ id, items }) => id + items.map(({ key }) => key).join("")).join("")}`;
        const named = item.state.kind === "value" ? item : { ...item, state: value("unlike any other") };
        const start: Reading = {
          sources: before.sources.map((each) =>
            each === target && kind === "renamed"
              ? { ...each, items: each.items.with(index, { ...named, state: value("unlike any other") }) }
              : each,
          ),
          faults: [],
        };
        const edit = (items: readonly Item[]): readonly Item[] => {
          if (kind === "changed") return items.with(index, { ...item, state: value(`${fresh} value`) });
          if (kind === "added") return [...items, { key: fresh, state: value("any") }];
          if (kind === "removed") return items.toSpliced(index, 1);
          return items.with(index, { key: fresh, state: value("unlike any other") });
        };
        const sources =
          kind === "source-added"
            ? [...start.sources, { id: fresh, items: target.items }]
            : kind === "source-removed"
              ? start.sources.filter(({ id }) => id !== target.id)
              : start.sources.map((each) =>
                  each.id === target.id ? { ...each, items: edit(each.items) } : each,
                );
        const changes = changesOf(start, { sources, faults: [] });
        expect(changes.map((change) => change.kind)).toEqual([kind]);
      }),
    );
  });

  test("is empty again once all is accepted, and holds no value", () => {
    fc.assert(
      fc.property(readings, readings, (before, after) => {
        const changes = changesOf(before, after);
        const meta = { at: "2026-01-01T00:00:00Z", by: "me", reason: "because" };
        const accepted = acceptChanges(baselineOf(before), changes, meta);
        const result = compareWithBaseline({ baseline: accepted, reading: after, fingerprinter, ignored });
        expect(result).toEqual({ kind: "compared", changes: [] });
        expect(accepted.accepted).toHaveLength(1);
        const again = acceptChanges(accepted, [], meta);
        expect({ ...again, accepted: [] }).toEqual({ ...accepted, accepted: [] });
      }),
    );
  });

  test("accepting one change leaves every other entry as it was", () => {
    const before = reading(source("env:a", { A: "1", B: "2", C: "3" }));
    const after = reading(source("env:a", { A: "9", C: "8" }));
    const baseline = baselineOf(before);
    const changes = changesOf(before, after).filter((change) => isNamed(change, "A"));
    const accepted = acceptChanges(baseline, changes, { at: "", by: "", reason: "" });
    const entries = (each: typeof baseline) => each.sources.get("env:a");
    expect(entries(accepted)?.get("A")).toBe(entries(baselineOf(after))?.get("A"));
    for (const key of ["B", "C"]) expect(entries(accepted)?.get(key)).toBe(entries(baseline)?.get(key));
    const left = compareWithBaseline({ baseline: accepted, reading: after, fingerprinter, ignored });
    expect(left).toMatchObject({
      changes: [
        { kind: "removed", key: "B" },
        { kind: "changed", key: "C" },
      ],
    });
  });
});

describe("a key under another name", () => {
  test("is one change, in its source and to another", () => {
    const before = reading(source("env:a", { OLD: "value", K: "k" }), source("env:b", {}));
    expect(
      changesOf(before, reading(source("env:a", { NEW: "value", K: "k" }), source("env:b", {}))),
    ).toMatchObject([
      { kind: "renamed", source: "env:a", key: "NEW", from: { source: "env:a", key: "OLD" } },
    ]);
    expect(
      changesOf(before, reading(source("env:a", { K: "k" }), source("env:b", { OLD: "value" }))),
    ).toMatchObject([
      { kind: "renamed", source: "env:b", key: "OLD", from: { source: "env:a", key: "OLD" } },
    ]);
  });

  test("is not guessed where several fit", () => {
    const before = reading(source("env:a", { OLD: "true" }));
    const kinds = changesOf(before, reading(source("env:a", { X: "true", Y: "true" }))).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(["removed", "added", "added"]);
  });

  test("is not told of two that have no value", () => {
    expect(changesOf(unset("A"), unset("B")).map(({ kind }) => kind)).toEqual(["removed", "added"]);
  });
});

describe("what is not compared", () => {
  test("a source that cannot be read is neither gone nor changed", () => {
    const baseline = baselineOf(reading(source("env:a", { A: "1" })));
    const faults = [{ id: "env:a", file: "a", expected: "text", found: "none" }];
    expect(
      compareWithBaseline({ baseline, reading: { sources: [], faults }, fingerprinter, ignored }),
    ).toEqual({
      kind: "compared",
      changes: [],
    });
  });

  test("ignored keys, whatever becomes of them", () => {
    const rules = createIgnored([
      { pattern: "BUILD_*", reason: "changes with each build" },
      { pattern: "env:a:T?", reason: "a time" },
    ]);
    const baseline = baselineOf(reading(source("env:a", { BUILD_ID: "1", T1: "1", BUILD_AT: "1" })));
    const now = reading(source("env:a", { BUILD_ID: "2", T2: "1", BUILD_NEW: "3" }));
    expect(compareWithBaseline({ baseline, reading: now, fingerprinter, ignored: rules })).toEqual({
      kind: "compared",
      changes: [],
    });
  });

  test("anything at all under another key", () => {
    const baseline = baselineOf(reading(source("env:a", { A: "1" })));
    const other = createFingerprinter(new TextEncoder().encode("another key of thirty-two characters"));
    const result = compareWithBaseline({ baseline, reading: reading(), fingerprinter: other, ignored });
    expect(result).toEqual({ kind: "other-key" });
  });
});

describe("a baseline", () => {
  test("holds no value, and does not show which keys have equal ones", () => {
    const given = reading(source("env:a", { A: "Xk9canaryQz7", B: "Xk9canaryQz7", C: "true", D: "true" }));
    const text = formatBaseline(baselineOf(given));
    expect(text).not.toContain("canary");
    const entries = [...(baselineOf(given).sources.get("env:a")?.values() ?? [])];
    expect(new Set(entries).size).toBe(4);
  });

  test.each([
    ["<<<<<<< ours\n{}", { line: 1, found: "a conflict of a merge that nobody resolved" }],
    ['{"schemaVersion": 1,\n "keyId" "x"}', { line: 2, column: 10, expected: "`:`" }],
    ["[]", { found: "something else" }],
    ['{"schemaVersion": 2}', { expected: "`schemaVersion` 1" }],
    ['{"schemaVersion": 1, "keyId": ""}', { expected: "`keyId`, text" }],
    ['{"schemaVersion": 1, "keyId": "k", "sources": []}', { expected: "`sources`, an object" }],
    ['{"schemaVersion": 1, "keyId": "k", "sources": {"s": 1}}', { expected: "an object for the source s" }],
    [
      '{"schemaVersion": 1, "keyId": "k", "sources": {"s": {\n"A": "Xk9canaryQz7"}}}',
      { line: 2, found: "another text at s:A" },
    ],
    ['{"schemaVersion": 1, "keyId": "k", "sources": {}, "accepted": [1]}', { found: "something else" }],
  ])("that is none is told with its place: %j", (text, expected) => {
    const parsed = parseBaseline(text);
    expect(parsed).toMatchObject({ ok: false, ...expected });
    expect(JSON.stringify(parsed)).not.toContain("canary");
  });

  test("never makes reading it throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (given) => {
        expect(typeof parseBaseline(given).ok).toBe("boolean");
      }),
    );
  });
});

describe("naming a change", () => {
  test("by key, last part, source, or source and key, of a renamed one by both names", () => {
    const before = reading(source("cloudrun:s", { "env/OLD": "v" }));
    const [change] = changesOf(before, reading(source("cloudrun:s", { "env/NEW": "v" })));
    if (change === undefined) throw new Error("no change");
    expect(subjectOf(change)).toBe("cloudrun:s:env/NEW");
    for (const name of [
      "NEW",
      "OLD",
      "env/NEW",
      "cloudrun:s",
      "s",
      "s:env/OLD",
      "cloudrun:s:env/NEW",
      "cloudrun:s:env/OLD",
    ])
      expect(isNamed(change, name), name).toBe(true);
    expect(isNamed(change, "env")).toBe(false);
  });
});
