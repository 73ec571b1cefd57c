import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const documents = [...(await readdir("docs", { recursive: true })), "../README.md"]
  .filter((name) => name.endsWith(".md"))
  .map((name) => join("docs", name));

test.each(documents)("%s belittles nothing", async (path) => {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  expect(text.match(/\b(?:just|simply|easy)\b/gi) ?? []).toEqual([]);
});

test("docs/dependencies.md names every package and no other", async () => {
  const { dependencies, devDependencies } = JSON.parse(await readFile("package.json", "utf8")) as Record<
    string,
    object
  >;
  const text = await readFile("docs/dependencies.md", "utf8");
  const named = [...text.matchAll(/^- `([^`]+)`: /gm)].map(([, name]) => name);
  expect(named).toHaveLength(new Set(named).size);
  expect(new Set(named)).toEqual(new Set(Object.keys({ ...dependencies, ...devDependencies })));
});
