/** The kinds of values that a plan holds. Each message says what was expected, never what was found. */
import * as v from "valibot";
import { DURATION_PATTERN, formatDuration, parseDuration } from "../duration.ts";
import type { Json } from "./action.ts";

/** What a shell, a path or a terminal could take for more than a name is left out. */
const ID = /^[a-z\d](?:[a-z\d-]{0,62}[a-z\d])?$/;
const NAME = /^[A-Za-z\d][\w.-]{0,63}$/;
// oxlint-disable-next-line no-control-regex
const NO_CONTROL = /^[^\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*$/;

const LONGEST_TEXT = 4000;
const DEEPEST = 16;
const DAY_MS = 86_400_000;

export const MAPPING = "a mapping of keys to values";

export const id = (meaning: string) => patterned(meaning, ID, "a name of a-z, 0-9 and `-`, of at most 64");

export const name = (meaning: string) =>
  patterned(meaning, NAME, "a name of letters, digits, `.`, `_` and `-`, of at most 64");

function patterned(meaning: string, pattern: RegExp, expected: string) {
  return v.pipe(v.string(expected), v.regex(pattern, expected), v.description(meaning));
}

export function text(meaning: string) {
  return v.pipe(
    v.string("text (in quotes when it looks like a number)"),
    v.nonEmpty("text that is not empty"),
    v.maxLength(LONGEST_TEXT, `text of at most ${LONGEST_TEXT} characters`),
    v.regex(NO_CONTROL, "text without control characters"),
    v.description(meaning),
  );
}

export function texts(meaning: string, most = 50) {
  return v.pipe(
    v.array(text("One of them."), "a list of text"),
    v.maxLength(most, `a list of at most ${most} texts`),
    v.description(meaning),
  );
}

/** `5m` → 300000. A bare number is refused: its unit would be a guess. */
export function duration(meaning: string, most = 7 * DAY_MS) {
  const expected = `a duration with its unit, such as 90s, 5m or 1h, from 1ms to ${formatDuration(most)}`;
  return v.pipe(
    v.string(expected),
    v.regex(DURATION_PATTERN, expected),
    v.description(meaning),
    v.transform(parseDuration),
    v.minValue(1, expected),
    v.maxValue(most, expected),
  );
}

export function whole(meaning: string, { min, max }: { readonly min: number; readonly max: number }) {
  const expected = `a whole number from ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    v.description(meaning),
  );
}

export const flag = (meaning: string) => v.pipe(v.boolean("true or false"), v.description(meaning));

export function choice<const T extends readonly [string, ...string[]]>(meaning: string, options: T) {
  const list = options.map((option) => `\`${option}\``).join(", ");
  return v.pipe(v.picklist(options, `one of ${list}`), v.description(meaning));
}

export function json(meaning: string) {
  const expected = `plain JSON, nested at most ${DEEPEST} deep`;
  return v.pipe(
    v.custom<Json>((value) => isJson(value, 0), expected),
    v.description(meaning),
  );
}

export function jsonMapping(meaning: string) {
  return v.pipe(
    v.custom<Readonly<Record<string, Json>>>((value) => isMapping(value) && isJson(value, 0), MAPPING),
    v.description(meaning),
  );
}

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isJson(value: unknown, depth: number): value is Json {
  if (depth > DEEPEST) return false;
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "string") return NO_CONTROL.test(value) && value.isWellFormed();
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every((each) => isJson(each, depth + 1));
  return isMapping(value) && Object.values(value).every((each) => isJson(each, depth + 1));
}
