import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/security.md"), "utf8");
const defended = page.slice(page.indexOf("## Defended"), page.indexOf("## Not defended"));
const rows = defended
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (claim|-+) /.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("the threat model makes claims, and says what is not defended", () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(page).toContain("## Not defended");
});

test.each(rows)("%s: %s is tested by what it names", (_before, claim = "", proof = "") => {
  const [, file, title = ""] = /^`(test\/[\w./-]+\.ts)`: (.+)$/.exec(proof) ?? [];
  expect(file, `${claim} names no test`).toBeDefined();
  const path = join(root, file ?? "");
  expect(existsSync(path), `${file} is not there`).toBe(true);
  expect(readFileSync(path, "utf8"), `${file} has no such test`).toContain(title);
});
