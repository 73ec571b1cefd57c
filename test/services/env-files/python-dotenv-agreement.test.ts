import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parsePythonDotenv } from "../../../services/env-files/python-dotenv.ts";
import { resolveEntries } from "../../../services/env-files/resolve.ts";
import { readWithPythonDotenv } from "./python-dotenv.ts";
import { envText } from "./texts.ts";

const VARIABLES: Readonly<Record<string, string>> = { OUTSIDE: "of the process" };

const outside = (name: string) => VARIABLES[name];

function read(text: string): Record<string, string | null> {
  const { entries } = parsePythonDotenv(text);
  const resolved = resolveEntries({ dialect: "python-dotenv", entries, outside });
  return Object.fromEntries(resolved.map(({ entry, value }) => [entry.key, value ?? null]));
}

test("whatever the text, keys and values are those that python-dotenv reads", () => {
  const texts = fc.sample(envText, 5000);
  const theirs = readWithPythonDotenv(texts, VARIABLES);
  for (const [index, text] of texts.entries())
    expect(read(text), JSON.stringify(text)).toEqual(theirs[index]);
});

test("what is hard to read is read as python-dotenv reads it", () => {
  const texts = [
    "A=1\nB=${A}-${OUTSIDE}-${NONE:-x$A}-$A\nC='${A}'",
    "OUTSIDE=file\nB=${OUTSIDE}",
    "A= #x\nB=x #y\nC=x#y",
    String.raw`A="a\nb\tc\x" ` + "\n" + String.raw`B='a\nb\'c'`,
    'A="x" y\nB=1',
    'A="x\nB=1\n',
    "A\nB=${A:-x}",
    "export 'a b'=1\nexport=2",
    "\uFEFFA=1",
    "A='x\r\ny'\rB=2",
  ];
  const theirs = readWithPythonDotenv(texts, VARIABLES);
  expect(texts.map(read)).toEqual(theirs);
});
