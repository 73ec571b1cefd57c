import { expect, test } from "vitest";
import { diffSides } from "../../../services/env-files/diff.ts";
import { readInAll } from "../../../services/env-files/readings.ts";

const variables: Readonly<Record<string, string>> = { A: "1", Q: "x", OTHER: "o" };
const variable = (name: string) => variables[name];
const file = (text: string) => ({ kind: "file", text, dialect: "dotenv" }) as const;

const kinds = (input: Pick<Parameters<typeof diffSides>[0], "a" | "b">) => {
  const { keys, same, others } = diffSides({ ...input, variable });
  return { keys: keys.map(({ key, kind, dialects }) => [key, kind, dialects.join()]), same, others };
};

test("keys are added, removed, changed, or apart for other programs alone", () => {
  const a = file("A=1\nB=1\nC=1\nQ=x\nR=y # c");
  const b = file("A=1\nC=2\nD=1\nQ='x'\nR=y");
  expect(kinds({ a, b })).toEqual({
    keys: [
      ["B", "removed", ""],
      ["C", "changed", ""],
      ["D", "added", ""],
      ["Q", "read-differently", "docker"],
      ["R", "read-differently", "docker"],
    ],
    same: 1,
    others: 0,
  });
});

test("with the process on one side, only the keys of the file are compared", () => {
  const a = file('A=1\nB=1\nQ="x"');
  const expected = { same: 1, others: 1 };
  expect(kinds({ a, b: { kind: "process", names: Object.keys(variables) } })).toEqual({
    keys: [
      ["B", "removed", ""],
      ["Q", "read-differently", "docker"],
    ],
    ...expected,
  });
});

test("a dialect that refuses one of the files says nothing of its keys", () => {
  expect(kinds({ a: file("export A=1\nQ='x'"), b: file("A=1\nQ=x") })).toEqual({
    keys: [],
    same: 2,
    others: 0,
  });
});

const read = (text: string, key: string) =>
  readInAll({ text, variable }, key).map(({ dialect, reading }) => [
    dialect,
    reading.kind === "value" ? reading.value : reading.kind,
  ]);

test("one key in all dialects: another value, the process, nothing at all, or a refusal", () => {
  expect(read("K=a#b", "K")).toEqual([
    ["dotenv", "a"],
    ["python-dotenv", "a#b"],
    ["compose", "a#b"],
    ["docker", "a#b"],
  ]);
  expect(read("A\nK: 2\n", "A")).toEqual([
    ["dotenv", "absent"],
    ["python-dotenv", "alone"],
    ["compose", "alone"],
    ["docker", "refused"],
  ]);
});
