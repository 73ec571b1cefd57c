import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DIALECTS } from "../../../services/env-files/dialect.ts";
import { parseEnv } from "../../../services/env-files/parse.ts";
import { resolveEntries } from "../../../services/env-files/resolve.ts";
import { envText } from "./texts.ts";

describe.each(DIALECTS)("%s", (dialect) => {
  test("whatever the text, entries lie in order where they say, and no two overlap", () => {
    fc.assert(
      fc.property(envText, (text) => {
        const { entries } = parseEnv(text, dialect);
        let behind = 0;
        for (const { key, raw, start, keyStart, keyEnd, valueStart, valueEnd, end } of entries) {
          const offsets = [behind, start, keyStart, keyEnd, valueStart, valueEnd];
          expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
          // python-dotenv takes a key in quotes, over several lines too.
          const written = text.slice(keyStart, keyEnd).replaceAll(/\r\n?/g, "\n");
          const read = key.replaceAll("\r", "\n");
          expect([read, `'${read}'`]).toContain(written);
          expect(text.slice(valueStart, valueEnd)).toBe(raw);
          expect(end).toBeGreaterThanOrEqual(valueEnd);
          behind = valueEnd;
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("whatever the text, no fault tells a value of it", () => {
    const secret = fc.constantFrom("s3cr3t-canary");
    fc.assert(
      fc.property(envText, secret, (text, canary) => {
        const { faults } = parseEnv(text.replaceAll("x", canary), dialect);
        expect(JSON.stringify(faults)).not.toContain(canary);
      }),
      { numRuns: 1000 },
    );
  });

  // What takes the square of the length would take hours.
  test.each([
    ["empty lines", "\n".repeat(1_000_000)],
    ["spaces", `A=x${" ".repeat(1_000_000)}y`],
    ["open references", `A=${"${".repeat(500_000)}`],
    ["references", `A=${"${B:-c}".repeat(140_000)}`],
    ["references within each other", `A=${"${B:-".repeat(200_000)}`],
    ["open quotes", `A="${"\\'\\\"B=\n".repeat(120_000)}`],
    ["one key again and again", "A=1\n".repeat(250_000)],
    ["keys without values", "export\n".repeat(140_000)],
    ["a long word", "A".repeat(1_000_000)],
    ["a long value in quotes", `A='${"x".repeat(1_000_000)}'`],
    ["carriage returns", "A=1\r\n".repeat(200_000)],
  ])("a file of a million characters is read in time: %s", (_what, text) => {
    const start = performance.now();
    const { entries } = parseEnv(text, dialect);
    resolveEntries({ dialect, entries, outside: () => undefined });
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

test.each(["compose", "python-dotenv"] as const)(
  "%s: lines that double each other end in a fault",
  (dialect) => {
    const lines = Array.from({ length: 60 }, (_, index) => `A${index + 1}=${`\${A${index}}`.repeat(2)}`);
    const { entries } = parseEnv(["A0=xxxxxxxx", ...lines].join("\n"), dialect);
    const resolved = resolveEntries({ dialect, entries, outside: () => undefined });
    expect(resolved.at(10)?.value).toBe("x".repeat(8 * 2 ** 10));
    expect(resolved.at(-1)?.fault).toMatchObject({ code: "ENV_BAD_REFERENCE", found: "more", line: 61 });
  },
);

test("line, column, quotes, comment and what stands before are told for each entry", () => {
  const { entries, comments } = parseEnv('# first\n  export A = "x\ny" # why\nB=z\n', "dotenv");
  expect(entries).toMatchObject([
    {
      key: "A",
      line: 2,
      column: 10,
      endLine: 3,
      raw: '"x\ny"',
      value: "x\ny",
      quote: "double",
      exported: true,
      comment: "# why",
    },
    { key: "B", line: 4, column: 1, endLine: 4, raw: "z", value: "z", quote: "none", exported: false },
  ]);
  expect(comments).toEqual([{ line: 1, column: 1, text: "# first" }]);
});

test.each([
  [
    "dotenv",
    "A\nB*=1\nC='x' y\nD=\"z",
    ["ENV_NO_DELIMITER 1", "ENV_BAD_KEY 2", "ENV_TEXT_AFTER_QUOTE 3", "ENV_UNTERMINATED_QUOTE 4"],
  ],
  [
    "python-dotenv",
    "A B\n=1\nC='x' y\nD=\"z",
    ["ENV_NO_DELIMITER 1", "ENV_BAD_KEY 2", "ENV_TEXT_AFTER_QUOTE 3", "ENV_UNTERMINATED_QUOTE 4"],
  ],
] as const)("%s tells what it passes over or reads otherwise, with the line", (dialect, text, expected) => {
  expect(parseEnv(text, dialect).faults.map(({ code, line }) => `${code} ${line ?? 0}`)).toEqual(expected);
});
