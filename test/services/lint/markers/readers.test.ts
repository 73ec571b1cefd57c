import { spawnSync } from "node:child_process";
import { array, assert, constantFrom, property, sample, string } from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { parseExpression } from "../../../../services/lint/markers/expression.ts";
import { parseIni } from "../../../../services/lint/markers/ini.ts";
import { readOptions, shellWords } from "../../../../services/lint/markers/options.ts";
import { distance, probablyMeant } from "../../../../services/lint/markers/similar.ts";
import { tomlElements, tomlPositions } from "../../../../services/lint/markers/toml.ts";
import { installedPytests } from "./real-pytest.ts";

const pytests = installedPytests();

/** Asks Python about each text at once. */
function ask(python: string, script: string, texts: readonly string[]): unknown[] {
  const { status, stdout, stderr } = spawnSync(python, ["-c", script], {
    input: JSON.stringify(texts),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown[];
}

const INI = `
import json, sys, iniconfig
def read(text):
    try:
        ini = iniconfig.IniConfig("x.ini", data=text)
        return {name: dict(ini.sections[name]) for name in ini.sections}
    except iniconfig.ParseError as error:
        return error.lineno + 1
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
`;
const EXPRESSION = `
import json, sys
from _pytest.mark.expression import Expression
def read(text):
    try:
        return bool(Expression.compile(text)) or True
    except Exception:
        return False
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
`;
const WORDS = `
import json, shlex, sys
def read(text):
    try:
        return shlex.split(text)
    except ValueError:
        return None
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
`;

const pieces = (...list: readonly string[]) =>
  array(constantFrom(...list), { maxLength: 14 }).map((all) => all.join(""));

describe.each(pytests)("as pytest $version reads them", ({ python, version }) => {
  test("INI files", () => {
    const texts = sample(
      pieces(
        "[a]",
        "[b]",
        "[c",
        "]",
        "\n",
        "\n",
        "\n",
        "x",
        "y",
        "=",
        ":",
        " ",
        "  ",
        "\t",
        "#",
        ";",
        "1",
        "\r\n",
        "\u2028",
        "\uFEFF",
      ),
      { numRuns: 3000, seed: 7 },
    );
    const real = ask(python, INI, texts);
    for (const [index, text] of texts.entries()) {
      const ini = parseIni(text);
      const ours =
        ini.kind === "fault"
          ? ini.line
          : Object.fromEntries(
              [...ini.sections].map(([name, { entries }]) => [
                name,
                Object.fromEntries(
                  [...entries].map(([key, { lines }]) => [key, lines.map((line) => line.text).join("\n")]),
                ),
              ]),
            );
      expect(ours, JSON.stringify(text)).toEqual(real[index]);
    }
  });

  test("expressions", () => {
    const texts = sample(
      pieces(
        "a",
        "b-1",
        " ",
        " ",
        "and",
        " and ",
        "or",
        " or ",
        "not ",
        "(",
        ")",
        "=",
        ",",
        "1",
        "'s'",
        '"',
        "\\",
        "!",
        ":",
        "True",
        "é",
        "x=1",
      ),
      {
        numRuns: 3000,
        seed: 7,
      },
    );
    const keywords = Number(version.split(".")[0]) >= 9;
    const real = ask(python, EXPRESSION, texts);
    for (const [index, text] of texts.entries()) {
      expect(parseExpression(text, keywords).kind === "names", JSON.stringify(text)).toBe(real[index]);
    }
  });

  test("words of addopts", () => {
    const texts = sample(pieces("a", "-m", " ", " ", "'", '"', "\\", "\n", "#", "x y"), {
      numRuns: 3000,
      seed: 7,
    });
    const real = ask(python, WORDS, texts);
    for (const [index, text] of texts.entries())
      expect(shellWords(text) ?? null, JSON.stringify(text)).toEqual(real[index]);
  });
});

test("an expression tells its names and their places", () => {
  expect(parseExpression("not a and (b or c(x='and', y=-1))")).toEqual({
    kind: "names",
    names: [
      { name: "a", at: 4 },
      { name: "b", at: 11 },
      { name: "c", at: 16 },
    ],
  });
  expect(parseExpression("")).toEqual({ kind: "names", names: [] });
  expect(parseExpression("(".repeat(100_000))).toMatchObject({ kind: "fault" });
  expect(parseExpression(`${"not ".repeat(100_000)}a`)).toMatchObject({ kind: "names" });
});

test("options of pytest are told apart", () => {
  const words = shellWords(
    "-qm 'a b' -mc -p x -pno:y -p z -o strict_markers=True --rootdir=r -c my.ini -- -m not",
  );
  expect(readOptions(words ?? [])).toEqual({
    strictMarkers: true,
    strict: false,
    expressions: ["a b", "c"],
    plugins: ["x", "z"],
    config: "my.ini",
    rootdir: "r",
  });
});

test("distance counts swapped letters once, and is the same both ways", () => {
  expect(distance("slow", "slwo")).toBe(1);
  expect(distance("", "abc")).toBe(3);
  assert(
    property(string({ maxLength: 8 }), string({ maxLength: 8 }), (a, b) => {
      const apart = distance(a, b);
      return apart === distance(b, a) && (apart === 0) === (a === b) && apart <= Math.max(a.length, b.length);
    }),
  );
});

test("one name alone is meant, or none", () => {
  expect(probablyMeant("Slow_Test", ["slowtest", "slow"])).toBe("slowtest");
  expect(probablyMeant("slaw", ["slow", "slew"])).toBeUndefined();
  expect(probablyMeant("abc", ["abd"])).toBeUndefined();
});

test("positions in TOML are those of the values that a parser finds", () => {
  const text = `# [x]
a = "]" # "
[ tool . "pytest" . 'ini_options' ]
markers = [ # ["no"]
  "a, b", 'c"]', """d
"e""" , # "f"
]
other = {x = [1, {y = 2}], "z.z" = 'q'}
[[list]]
k = 1979-05-27 07:32:00
[tool.next]
dotted.key = true
`;
  const { entries, tables } = tomlPositions(text);
  expect(tables.map(({ path }) => path.join("/"))).toEqual(["tool/pytest/ini_options", "list", "tool/next"]);
  expect(
    entries.map(({ path, start, end }) => `${path.slice(-2).join("/")} ${text.slice(start, end)}`),
  ).toContain("next/dotted/key true".replace("next/", ""));
  const markers = entries.find(({ path }) => path.at(-1) === "markers");
  const elements = tomlElements(text, markers?.start ?? 0).map(({ start, end }) => text.slice(start, end));
  expect(elements).toEqual(['"a, b"', `'c"]'`, '"""d\n"e"""']);
  expect(() => parse(text)).not.toThrow();
});

test("no text makes the reader of positions hang or throw", () => {
  const toml = pieces("[", "]", "{", "}", '"', "'", '"""', "a", ".", "=", ",", "#", "\n", " ", "\\");
  assert(
    property(toml, (text) => {
      const { entries } = tomlPositions(text);
      return entries.every(({ start, end }) => start <= end && end <= text.length);
    }),
    { numRuns: 2000 },
  );
});
