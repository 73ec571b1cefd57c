import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type DeclaredLayer, defaultLayers, orderLayers } from "../../../services/env-files/layers.ts";
import { parseEnv } from "../../../services/env-files/parse.ts";
import { traceLayers } from "../../../services/env-files/provenance.ts";
import type { Dialect } from "../../../services/env-files/dialect.ts";

const layer = (path: string, lower?: string): DeclaredLayer => ({
  path,
  dialect: "dotenv",
  required: true,
  where: `at ${path}`,
  ...(lower !== undefined && { extends: lower }),
});

const file = (path: string, text: string, dialect: Dialect = "dotenv") => ({
  path,
  dialect,
  text,
  ...parseEnv(text, dialect),
});

test("an extended file lies beneath, wherever it is declared, and each file is read once", () => {
  const { layers, cycles } = orderLayers([layer("c", "b"), layer("d"), layer("b", "./a"), layer("d")]);
  expect(layers.map(({ path }) => path)).toEqual(["./a", "b", "c", "d"]);
  expect(layers[0]?.extendedBy).toBe("b");
  expect(cycles).toEqual([]);
});

test("a circle is told once, from where it begins, with the place of each", () => {
  const { cycles } = orderLayers([layer("x", "a"), layer("a", "b"), layer("b", "c"), layer("c", "a")]);
  expect(cycles).toEqual([{ paths: ["a", "b", "c", "a"], where: ["at a", "at b", "at c"] }]);
});

test("whatever is extended, it ends, and without a circle all lie above what they extend", () => {
  const name = fc.constantFrom("a", "b", "c", "d", "e");
  const declared = fc.array(fc.tuple(name, fc.option(name, { nil: undefined })), { maxLength: 8 });
  fc.assert(
    fc.property(declared, (pairs) => {
      const given = pairs.map(([path, lower]) => layer(path, lower));
      const { layers, cycles } = orderLayers(given);
      const order = layers.map(({ path }) => path);
      expect(new Set(order).size).toBe(order.length);
      const first = new Map(given.toReversed().map((each) => [each.path, each]));
      if (cycles.length > 0) return;
      for (const { path, extends: lower } of first.values())
        if (lower !== undefined) expect(order.indexOf(lower)).toBeLessThan(order.indexOf(path));
    }),
  );
});

test("the customary layers are those of Vite and Next.js; an unknown environment has none of its own", () => {
  expect(defaultLayers("test").map(({ path }) => path)).toEqual([
    ".env",
    ".env.local",
    ".env.test",
    ".env.test.local",
  ]);
  expect(defaultLayers("unknown").map(({ path }) => path)).toEqual([".env", ".env.local"]);
});

test("the process wins over files, an empty variable too; then the highest file; then the last line", () => {
  const { keys } = traceLayers({
    files: [file("low", "A=1\nB=1\nB=2\nC=1"), file("high", "A=2\nB=3\nC=2")],
    variable: (name) => (name === "C" ? "" : undefined),
  });
  const places = (key: string) => {
    const { winner, shadowed = [] } = keys.get(key) ?? {};
    return [winner, ...shadowed].map((each) =>
      each?.kind === "file" ? `${each.path}:${each.line}=${each.value}` : `process=${each?.value}`,
    );
  };
  expect(places("A")).toEqual(["high:1=2", "low:1=1"]);
  expect(places("B")).toEqual(["high:2=3", "low:3=2", "low:2=1"]);
  expect(places("C")).toEqual(["process=", "high:3=2", "low:4=1"]);
});

test("a reference sees the process, then its own file, then lower layers", () => {
  const { keys } = traceLayers({
    files: [
      file("low", "HOST=low\nPORT=1\nUSER=low"),
      file("high", "HOST=high\nURL=${USER}@${HOST}:${PORT}", "compose"),
    ],
    variable: (name) => (name === "USER" ? "me" : undefined),
  });
  expect(keys.get("URL")?.winner?.value).toBe("me@high:1");
});

test("a key that stands alone in its last line takes back what python-dotenv read above", () => {
  const { keys } = traceLayers({
    files: [file("low", "A=1"), file("high", "A=2\nA\nB=${A}", "python-dotenv")],
    variable: () => undefined,
  });
  expect(keys.get("A")).toMatchObject({ winner: { path: "low", value: "1" }, shadowed: [] });
});

test("what its program refuses does not count, nor does a key that stands alone", () => {
  const { keys, files } = traceLayers({
    files: [
      file("low", "A=1\nB=1"),
      file("alone", "B\nC\n", "docker"),
      file("refused", "A=2\nexport X=1", "docker"),
      file("needs", "A=${NONE:?}", "compose"),
    ],
    variable: () => undefined,
  });
  expect(files.map(({ refused }) => refused)).toEqual([false, false, true, true]);
  expect(keys.get("A")).toMatchObject({
    winner: { path: "low" },
    shadowed: [],
    ignored: [
      { path: "needs", without: "file-refused" },
      { path: "refused", without: "file-refused" },
    ],
  });
  expect(keys.get("B")).toMatchObject({ winner: { path: "low" }, ignored: [{ without: "no-value" }] });
  expect(keys.get("C")?.winner).toBeUndefined();
});
