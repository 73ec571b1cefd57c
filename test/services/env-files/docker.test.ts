import { expect, test } from "vitest";
import { parseDocker } from "../../../services/env-files/docker.ts";

const read = (text: string) => {
  const { entries, faults } = parseDocker(text);
  return { values: Object.fromEntries(entries.map(({ key, value }) => [key, value])), faults };
};

// As docker's own parser (pkg/kvfile) reads them.
test.each([
  ["quotes stay", `A="x y"\nB='z'`, { A: '"x y"', B: "'z'" }],
  ["a comment behind a value is part of it, and so are spaces", "A=x # y  \nB= z", { A: "x # y  ", B: " z" }],
  ["nothing is replaced or unescaped", "A=$B ${C} a\\nb", { A: "$B ${C} a\\nb" }],
  ["a key alone has no value of its own", "A\nB=", { A: undefined, B: "" }],
  ["comments, empty lines and spaces before a key", "# c\n\n  A=1\r\n\t# d", { A: "1" }],
  ["any other character in a key", "\uFEFFa.b-c[0]é=1=2", { "a.b-c[0]é": "1=2" }],
])("%s", (_what, text, values) => {
  expect(read(text)).toEqual({ values, faults: [] });
});

test.each([
  ["export A=1", "ENV_BAD_KEY", "`export` before the key"],
  ["A =1", "ENV_BAD_KEY", "white space in the key, or before `=`"],
  ["=1", "ENV_BAD_KEY", "none"],
  [`A=${"ü".repeat(32_767)}`, "ENV_LINE_TOO_LONG", "a longer one"],
])("what it refuses is told with its line: %j", (line, code, found) => {
  const { values, faults } = read(`A=1\n${line}\nB=2`);
  expect(values).toEqual({ A: "1", B: "2" });
  expect(faults).toMatchObject([{ code, found, line: 2, effect: "file-refused" }]);
});
