/** The kinds of values a key can have. Each message says what was expected, never what was found. */
import * as v from "valibot";
import { DURATION_PATTERN, formatDuration, parseDuration } from "../../services/duration.ts";

/** What the reference and the error messages need to know about a key beyond its schema. */
export interface KeyMetadata {
  readonly type: string;
  /** May hold a credential, so a value is never shown. */
  readonly secret?: boolean;
  /** What applies when the key is absent and the schema has no default. */
  readonly fallback?: string;
  /** Is a credential, so it may not stand in the file. */
  readonly credential?: boolean;
  /** The only values there are. */
  readonly options?: readonly string[];
}

/** Attaches to a schema what the table of keys says of it. */
export function about<Input>(metadata: KeyMetadata) {
  return v.metadata<Input, Readonly<Record<string, unknown>>>({ ...metadata });
}

interface Range {
  readonly min: number;
  readonly max: number;
}

export const MAPPING = "a mapping of keys to values";

const HOUR = 3_600_000;

/** `500ms` → 500. A bare number is refused: its unit would be a guess. */
export function duration(meaning: string, range: Partial<Range> = {}, fallback?: string) {
  const { min = 1, max = HOUR } = range;
  const expected = `a duration such as 500ms, 30s, 2m or 1h, from ${formatDuration(min)} to ${formatDuration(max)}`;
  return v.pipe(
    v.string(expected),
    v.regex(DURATION_PATTERN, expected),
    v.description(meaning),
    about({ type: "duration", ...(fallback && { fallback }) }),
    v.transform(parseDuration),
    v.minValue(min, expected),
    v.maxValue(max, expected),
  );
}

export function integer(meaning: string, { min, max }: Range, fallback?: string) {
  const expected = `a whole number from ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    v.description(meaning),
    about({ type: "integer", ...(fallback && { fallback }) }),
  );
}

export function text(meaning: string, options: Omit<KeyMetadata, "type"> = {}) {
  return v.pipe(
    v.string("text (in quotes when it looks like a number)"),
    v.nonEmpty("text that is not empty"),
    v.description(meaning),
    about({ type: "text", ...options }),
  );
}

export function name(meaning: string, pattern: RegExp, expected: string, fallback?: string) {
  return v.pipe(
    v.string(expected),
    v.regex(pattern, expected),
    v.description(meaning),
    about({ type: "text", ...(fallback && { fallback }) }),
  );
}

export function environmentName(meaning: string) {
  const expected = "a name of letters, digits, `.`, `_` and `-`";
  return name(meaning, /^[A-Za-z0-9][\w.-]{0,63}$/, expected);
}

/** The type of a list that a variable can set, its entries separated by commas. */
export const TEXT_LIST = "list of text";

export function texts(meaning: string, options: Omit<KeyMetadata, "type"> = {}) {
  return v.pipe(
    v.array(
      v.pipe(v.string("text (in quotes when it looks like a number)"), v.nonEmpty("text that is not empty")),
      "a list of text",
    ),
    v.description(meaning),
    about({ type: TEXT_LIST, ...options }),
  );
}

export function flag(meaning: string, fallback?: string) {
  return v.pipe(
    v.boolean("true or false"),
    v.description(meaning),
    about({ type: "boolean", ...(fallback && { fallback }) }),
  );
}

export function choice<const T extends readonly [string, ...string[]]>(
  meaning: string,
  options: T,
  fallback?: string,
) {
  const list = options.map((option) => `\`${option}\``).join(", ");
  return v.pipe(
    v.picklist(options, `one of ${list}`),
    v.description(meaning),
    about({
      type: "choice",
      options: [...options],
      ...(fallback && { fallback }),
    }),
  );
}

/** A value bound to a statement or compared with its result. */
export function scalar(meaning: string, fallback?: string) {
  return v.pipe(
    v.union([v.string(), v.number(), v.boolean(), v.null()], "text, a number, true, false or null"),
    v.description(meaning),
    about({ type: "text, number, boolean or null", secret: true, ...(fallback && { fallback }) }),
  );
}
