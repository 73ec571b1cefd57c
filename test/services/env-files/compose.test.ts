import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCompose } from "../../../services/env-files/compose.ts";
import { resolveEntries } from "../../../services/env-files/resolve.ts";
import { envText } from "./texts.ts";

const outside = (name: string) => (name === "OUTSIDE" ? "of the process" : undefined);

function read(text: string) {
  const { entries, faults } = parseCompose(text);
  const resolved = resolveEntries({ dialect: "compose", entries, outside });
  const late = resolved.flatMap(({ fault }) => fault ?? []);
  const values = Object.fromEntries(resolved.map(({ entry, value }) => [entry.key, value]));
  return { values, faults: [...faults, ...late] };
}

// As the parser of compose-go (dotenv/parser.go, template/template.go) reads them.
describe("a value is read as Compose reads it", () => {
  test.each([
    ["a comment needs a space", "A=x #y\nB=x#y\nC=x\t#y", { A: "x", B: "x#y", C: "x\t#y" }],
    ["a # at the start is a value", "A= # text", { A: "# text" }],
    ["single quotes are literal", String.raw`A='a\n$B ${"$"}{C}'`, { A: String.raw`a\n$B ${"$"}{C}` }],
    ["an escaped quote ends nothing", String.raw`A='it\'s' # c`, { A: "it's" }],
    ["escapes in double quotes", String.raw`A="a\tb\\n\x\0101\018"`, { A: "a\tb\\n\\xA\\18" }],
    ["a value over lines", 'A="a\nb"\nB=1', { A: "a\nb", B: "1" }],
    ["a colon and export", "A: x\nexport B = y", { A: "x", B: "y" }],
    [
      "a key that stands alone hands on",
      "A=${OUTSIDE}\nOUTSIDE\nB=1",
      { A: "of the process", OUTSIDE: undefined, B: "1" },
    ],
    ["the process wins in references", "OUTSIDE=file\nA=$OUTSIDE", { OUTSIDE: "file", A: "of the process" }],
    ["what stands above is seen, what stands below is not", "A=$B\nB=1\nC=$B", { A: "", B: "1", C: "1" }],
    [
      "defaults",
      "E=\nA=${E:-x}\nB=${E-x}\nC=${N-x}\nD=${N:-$OUTSIDE}",
      { E: "", A: "x", B: "", C: "x", D: "of the process" },
    ],
    ["replacements", "A=${OUTSIDE:+x}\nB=${N+x}\nC=${OUTSIDE+${N:-y}}", { A: "x", B: "", C: "y" }],
    ["fallbacks within fallbacks", "A=${N:-${M:-x}}-${N:-{y}}", { A: "x-{y}" }],
    ["dollars that refer to nothing", 'A=$$x $1 $\nB="\\$OUTSIDE"', { A: "$x $1 $", B: "$OUTSIDE" }],
    ["Windows ends of lines", "A=x\r\nB='y'\r\n", { A: "x", B: "y" }],
    ["a byte order mark", "\uFEFFA=1", { A: "1" }],
  ])("%s", (_what, text, values) => {
    expect(read(text)).toEqual({ values, faults: [] });
  });
});

describe("what Compose refuses, it refuses whole, and every reason is told with its place", () => {
  test.each([
    ["A=1\nB C=2", "ENV_BAD_KEY", 2, 1],
    ["A=1\n  B*=2", "ENV_BAD_KEY", 2, 4],
    ["=1", "ENV_BAD_KEY", 1, 1],
    ["A=1\nB='x\nC=2", "ENV_UNTERMINATED_QUOTE", 2, 3],
    ["A=${1}", "ENV_BAD_REFERENCE", 1, 1],
    ["A=1\nB=x${", "ENV_BAD_REFERENCE", 2, 1],
    ["A=${N:?}", "ENV_BAD_REFERENCE", 1, 1],
    [`A=${"${N:-".repeat(40)}${"}".repeat(40)}`, "ENV_BAD_REFERENCE", 1, 1],
  ])("%j", (text, code, line, column) => {
    expect(read(text).faults).toMatchObject([{ code, line, column, effect: "file-refused" }]);
  });
});

test("text behind a closing quote is read as a line of its own, and told", () => {
  const { values, faults } = read('A="x"B=y\nC=1');
  expect(values).toEqual({ A: "x", B: "y", C: "1" });
  expect(faults).toMatchObject([{ code: "ENV_TEXT_AFTER_QUOTE", line: 1, column: 6 }]);
});

test("whatever the text, it ends, and each entry lies where it says", () => {
  fc.assert(
    fc.property(envText, (text) => {
      for (const entry of parseCompose(text).entries) {
        expect(text.slice(entry.keyStart, entry.keyEnd)).toBe(entry.key);
        expect(text.slice(entry.valueStart, entry.valueEnd)).toBe(entry.raw);
      }
    }),
    { numRuns: 3000 },
  );
});
