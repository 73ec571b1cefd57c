import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMatcher } from "../../../services/drift/ignore.ts";
import { findJsonFault } from "../../../services/drift/json-fault.ts";

describe("a pattern", () => {
  test.each([
    ["APP_*", "APP_URL", true],
    ["APP_*", "MY_APP_URL", false],
    ["*_URL", "APP_URL", true],
    ["*_URL", "_URL", true],
    ["A*B*C", "AxxByyC", true],
    ["A*B*C", "AC", false],
    ["AB*BA", "ABA", false],
    ["A?C", "ABC", true],
    ["A?C", "AC", false],
    ["*", "", true],
    ["a.c", "abc", false],
    ["A", "a", false],
  ])("%s and %s: %s", (pattern, text, expected) => {
    expect(createMatcher(pattern)(text)).toBe(expected);
  });

  test("agrees with the expression it stands for", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    const words = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
    fc.assert(
      fc.property(letters, words, (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(createMatcher(pattern)(text)).toBe(expression.test(text));
      }),
    );
  });

  test("of many stars takes no time", () => {
    const matches = createMatcher(`${"*aab".repeat(50)}*${"a".repeat(100)}b*`);
    const from = performance.now();
    expect(matches("a".repeat(50_000))).toBe(false);
    expect(performance.now() - from).toBeLessThan(10_000);
  });
});

describe("where a text stops being JSON", () => {
  test.each([
    ['{"a": }', 1, 7, "a value"],
    ['{"a": 1,}', 1, 9, "a key in double quotes"],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, "`,` or `}`"],
    ["[1, 2", 1, 6, "`,` or `]`"],
    ["[1,]", 1, 4, "a value"],
    ["{a: 1}", 1, 2, "a key in double quotes or `}`"],
    ["{\"a\": 'x'}", 1, 7, "a value"],
    ["{} {}", 1, 4, "nothing more"],
    ["", 1, 1, "a value"],
    ['{"a": 01}', 1, 8, "`,` or `}`"],
    ['{"a" 1}', 1, 6, "`:`"],
    ["[1}", 1, 3, "`,` or `]`"],
  ])("%j at %i:%i", (text, line, column, expected) => {
    expect(findJsonFault(text)).toMatchObject({ line, column, expected });
  });

  test("is found for every text that is not, and for none that is", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(findJsonFault(text)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 3 }), (text, at, junk) => {
        const broken = text.slice(0, at % (text.length + 1)) + junk + text.slice(at % (text.length + 1));
        let isJson = true;
        try {
          JSON.parse(broken);
        } catch {
          isJson = false;
        }
        expect(findJsonFault(broken) === undefined).toBe(isJson);
      }),
    );
  });
});
