import { oneLine } from "../redact.ts";
import type { TestResult } from "./result.ts";

/** What a failure says, line by line, and whether it is about a value that was not the expected one. */
export interface Speech {
  readonly lines: readonly string[];
  readonly asserts: boolean;
}

/** Longer lines are data, not words; their begin is enough. */
const LINE = 2000;

/** Source code that runners quote: `> 13 |  await page.goto(…)`. */
const QUOTED = /^\s{0,20}>?\s{0,10}\d{0,7}\s{0,10}\|/;
/** pytest marks the lines of the error itself; the others are source code and file names. */
const PYTEST = /^E(?:\s{2,}|$)/;

const ASSERTION_TYPE =
  /(?:^|[.$\\])(?:AssertionError|AssertionFailedError|AssertionFailure|AssertionException|AssertFailedException|ComparisonFailure|ExpectationFailedException|ExpectationNotMetError|JestAssertionError|MultipleFailuresError|ShouldAssertException)$|^Xunit\.Sdk\./;
const ASSERTION_LINE =
  /^\s{0,20}(?:Error:\s{1,20})?(?:(?:[\w$]{1,60}\.){0,8}(?:AssertionError|AssertionFailedError|ComparisonFailure|MultipleFailuresError)\b|assert\s|expect\(|expected\b|Expected\b|Expecting\b|Received\b(?! unexpected error)|Timed out \d{1,9}ms waiting for expect|Error:\s{1,20}(?:Not equal|Should|Expected|Elements|An error is expected))|\bgot\b.{0,300}\bwant(?:ed)?\b|\bwant(?:ed)?\b.{0,300}\bgot\b/;
/** The same in the middle of a line, in the words of pytest, PHPUnit, Rust, MSTest, Catch2, and of tests that word it themselves. */
const ASSERTED =
  /\bDID NOT (?:RAISE|WARN)\b|\bFailed asserting\b|\bassertion\b.{0,200}\bfailed\b|\bAssert\.\w{1,40}(?:\(\))? fail|^\s{0,20}(?:REQUIRE|CHECK)(?:_\w{1,30})?\(|\bexpected\b.{0,300}\b(?:got|but|received|instead)\b|\bshould\b.{0,300}\bbut (?:got|is|was)\b/i;
/** Assertions that only pass on what was thrown. */
const PASSED_ON =
  /promise rejected .{0,1000} instead of resolving|Received promise rejected instead of resolved|Received unexpected error|expected (?:no|nil) err(?:or)?\b|Unexpected exception thrown|Unexpected exception type thrown/i;
/** Lines of a comparison: what was expected, what was found. */
const COMPARED =
  /^\s{0,20}(?:[-+?]\s|[-+?]$|(?:expected|received|actual|got|want|Expected|Received|Actual)\b)/;

/** Pure: the words of a failure that are neither source code nor compared values. */
export function speechOf({ type, message, text }: NonNullable<TestResult["failure"]>): Speech {
  const told = text.split("\n");
  const marked = told.filter((line) => PYTEST.test(line));
  const spoken = marked.length > 0 ? marked.map((line) => line.slice(1).trimStart()) : told.filter(isSpoken);
  const lines = [...message.split("\n"), ...spoken].map((line) => line.slice(0, LINE));
  const passesOn = lines.some((line) => PASSED_ON.test(line));
  const asserts = !passesOn && (ASSERTION_TYPE.test(type ?? "") || lines.some(isAssertion));
  if (!asserts) return { lines, asserts };
  // Under an assertion the words of its message are values, such as an error text that was compared.
  const quoted = new Set([message.split("\n", 1)[0]?.slice(0, LINE) ?? ""]);
  return {
    asserts,
    lines: lines.filter((line) => !quoted.has(line) && !isAssertion(line) && !COMPARED.test(line)),
  };
}

const isAssertion = (line: string): boolean => ASSERTION_LINE.test(line) || ASSERTED.test(line);

/** A line of source code follows each place of a Python traceback. */
const PYTHON_PLACE = /^\s{0,20}File ".{1,500}", line \d{1,9}/;

const isSpoken = (line: string, index: number, lines: readonly string[]): boolean =>
  !QUOTED.test(line) && !PYTHON_PLACE.test(lines[index - 1] ?? "");

/** As shown beside a judgement; a copy, since a part would keep the whole text in memory. */
export const shown = (words: string): string => Buffer.from(oneLine(words, 160)).toString();
