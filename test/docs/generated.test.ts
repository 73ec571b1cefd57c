import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CAUSES } from "../../services/causes.ts";
import { generatedDocuments } from "../../src/docs/documents.ts";

test.each(await generatedDocuments())(
  "$path is what the code generates (npm run docs)",
  async ({ path, text }) => {
    expect(await readFile(path, "utf8")).toBe(text);
  },
);

test("docs/causes.md has one section for each code, and each is in the contents", async () => {
  const text = await readFile("docs/causes.md", "utf8");
  const sections = [...text.matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
  const links = [...text.matchAll(/^- \[(\w+)\]\(#(\w+)\)/gm)];
  const codes = Object.keys(CAUSES);
  for (const found of [sections, links.map(([, code]) => code)]) {
    expect(found).toHaveLength(codes.length);
    expect(new Set(found)).toEqual(new Set(codes));
  }
  for (const [, code, anchor] of links) expect(anchor).toBe(code?.toLowerCase());
});
