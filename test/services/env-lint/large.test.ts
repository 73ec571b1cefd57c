import { assert, constantFrom, property, string } from "fast-check";
import { expect, test } from "vitest";
import { DIALECTS } from "../../../services/env-files/dialect.ts";
import { lintText } from "./lint-text.ts";

const LINES = 12_000;
const lines = (line: (index: number) => string) =>
  Array.from({ length: LINES }, (_, index) => line(index)).join("\n");

/** What a rule that compares each with each, or a shape with many ways to match, would need minutes for. */
test.each([
  ["many bypasses", lines((index) => `# why\nBYPASS_A${index}=1`)],
  ["many flags that nothing reads", lines((index) => `ENABLE_A${index}=true`)],
  ["one key again and again", lines((index) => `A=${index}`)],
  ["many faulty lines", lines(() => "no delimiter here")],
  [
    "a value of one word many times",
    `A=your${"_a".repeat(100_000)}!\nB=${"/".repeat(200_000)}\nC=postgres://${"/".repeat(200_000)}`,
  ],
  [
    "a value of few words",
    `A=your${"_a".repeat(40)}!\nB=http://your${"-a".repeat(40)}!\nC=<${"a ".repeat(140)}`,
  ],
])("%s: the answer comes in seconds", { timeout: 30_000 }, (_, text) => {
  const startedAt = performance.now();
  const findings = lintText({ ".env.staging": text }, { read: new Set() });
  expect(performance.now() - startedAt).toBeLessThan(15_000);
  for (const { evidence } of findings.slice(0, 100)) expect(evidence.join("").length).toBeLessThan(300_000);
});

const WORDS = [
  ..."=#'\"`$\\\n :/@?<>{}_-.".split(""),
  "A",
  "DB_URL",
  "DB_HOST",
  "BYPASS_X",
  "_EXPIRY",
  "postgres://",
  "true",
  "changeme",
  "2026-01-01",
  "\u00A0",
  "é",
  "\r\n",
  "export ",
];

test("whatever is in a file, every rule answers, with ids that are there once", () => {
  assert(
    property(
      string({ unit: constantFrom(...WORDS), maxLength: 60 }),
      string({ unit: constantFrom(...WORDS), maxLength: 60 }),
      constantFrom(...DIALECTS),
      (low, high, dialect) => {
        const committed = new Set([".env", ".env.staging"]);
        const findings = lintText(
          { ".env": low, ".env.staging": high },
          { dialect, committed, read: new Set() },
        );
        const ids = findings.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { message } of findings) expect(message).not.toContain("undefined");
      },
    ),
    { numRuns: 500 },
  );
});
