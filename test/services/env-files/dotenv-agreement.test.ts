import { parse } from "dotenv";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseDotenv } from "../../../services/env-files/dotenv.ts";
import { envText } from "./texts.ts";

const read = (text: string) =>
  Object.fromEntries(parseDotenv(text).entries.map(({ key, value }) => [key, value]));

test("whatever the text, keys and values are those that the dotenv package reads", () => {
  fc.assert(
    fc.property(envText, (text) => {
      expect(read(text)).toEqual({ ...parse(text) });
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  ["a value on the next line, in quotes", "A=\n'x'\nB=1"],
  ["a colon and the next line", "A:\nB=2"],
  ["text behind a closing quote", 'A="x" y\nB=1'],
  ["a quote that nothing closes", 'A="x\nB=1'],
  ["a comment without a space before it", "A=x#y"],
  ["escapes in double quotes", String.raw`A="a\nb\tc\\n"`],
  ["a mark of the byte order", "\uFEFFA=1"],
])("%s is read as the dotenv package reads it", (_what, text) => {
  expect(read(text)).toEqual({ ...parse(text) });
});
