/** python-dotenv: statement after statement; one that cannot be read is passed over to the end of its line. */
import { entryMaker, valueOf } from "./entry.ts";
import type { EnvComment, EnvEntry, EnvFault, ParsedEnv } from "./env-file.ts";
import { C_ESCAPES } from "./escapes.ts";
import { pythonReferences } from "./python-references.ts";
import {
  createPositions,
  isPythonSpace,
  lineEnd,
  normalizeNewlines,
  skipSpace,
  trimmedEnd,
} from "./source-text.ts";

/** What `load_dotenv` reads; it opens files so that every end of a line is `\n`. */
export function parsePythonDotenv(whole: string): ParsedEnv {
  const normalized = normalizeNewlines(whole);
  const { text } = normalized;
  const position = createPositions(text);
  const make = entryMaker({ ...normalized, whole });
  const entries: EnvEntry[] = [];
  const comments: EnvComment[] = [];
  const faults: EnvFault[] = [];
  const next = (at: number) => skipSpace(text, at, text.length, isPythonSpace);
  for (let at = next(0); at < text.length;) {
    const read = readStatement(text, at);
    if (read.kind === "entry") entries.push(make(read.statement));
    else if (read.kind === "comment")
      comments.push({ ...position(read.at), text: text.slice(read.at, read.end).trimEnd() });
    else faults.push({ ...read.fault, ...position(read.at), effect: "line-ignored" });
    at = next(read.end);
  }
  return { entries, comments, faults };
}

type Statement = Parameters<ReturnType<typeof entryMaker>>[0];
type Problem = Pick<EnvFault, "code" | "expected" | "found">;

type Read =
  | { readonly kind: "entry"; readonly statement: Statement; readonly end: number }
  | { readonly kind: "comment"; readonly at: number; readonly end: number }
  | { readonly kind: "fault"; readonly fault: Problem; readonly at: number; readonly end: number };

// Without U+FEFF, which is white space for JavaScript alone: with python-dotenv it becomes part of the first key.
const SPACE = String.raw`\t\v\f \x1C-\x1F\x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000`;
const KEY = new RegExp(`'([^']+)'|([^=#\\n${SPACE}]+)`, "y");
const EXPORT = new RegExp(`export[${SPACE}]+`, "y");
const SINGLE = /'((?:\\'|[^'])*)'/y;
const DOUBLE = /"((?:\\"|[^"])*)"/y;

const isBlank = (character: string) => character !== "\n" && isPythonSpace(character);

function readStatement(text: string, start: number): Read {
  const exported = matchAt(EXPORT, text, start)?.[0].length ?? 0;
  const keyStart = start + exported;
  const fail = (fault: Problem, at: number): Read => ({
    kind: "fault",
    fault,
    at: start,
    end: lineEnd(text, at),
  });
  if (text.charAt(keyStart) === "#") return { kind: "comment", at: keyStart, end: lineEnd(text, keyStart) };
  const name = matchAt(KEY, text, keyStart);
  if (!name || (name[2] !== undefined && name[2].startsWith("'"))) return fail(BAD_KEY, keyStart);
  const keyEnd = keyStart + name[0].length;
  const afterKey = skipSpace(text, keyEnd, text.length, isBlank);
  const known = { key: name[1] ?? name[2] ?? "", keyStart, keyEnd, start, exported: exported > 0 };
  if (text.charAt(afterKey) !== "=") {
    const rest = readEnd(text, keyEnd);
    if (rest === undefined) return fail(NO_DELIMITER, keyEnd);
    const alone = {
      delimiter: "",
      valueStart: keyEnd,
      valueEnd: keyEnd,
      value: undefined,
      quote: "none",
    } as const;
    return { kind: "entry", statement: { ...known, ...alone, ...rest }, end: rest.end };
  }
  const valueStart = skipSpace(text, afterKey + 1, text.length, isBlank);
  const value = readValue(text, valueStart);
  if (!value) return fail(UNTERMINATED, valueStart);
  const rest = readEnd(text, value.valueEnd);
  if (rest === undefined) return fail(TEXT_AFTER_QUOTE, value.valueEnd);
  const { content, ...of } = value;
  const statement = {
    ...known,
    delimiter: "=",
    valueStart,
    ...of,
    ...valueOf(pythonReferences(content)),
    ...rest,
  } as const;
  return { kind: "entry", statement, end: rest.end };
}

interface Value {
  readonly content: string;
  readonly valueEnd: number;
  readonly quote: "none" | "single" | "double";
}

function readValue(text: string, at: number): Value | undefined {
  const first = text.charAt(at);
  if (first === "'" || first === '"') {
    const match = matchAt(first === "'" ? SINGLE : DOUBLE, text, at);
    if (!match) return undefined;
    const [raw, inner = ""] = match;
    const content = first === "'" ? inner.replaceAll(/\\([\\'])/g, "$1") : unescape(inner);
    return { content, valueEnd: at + raw.length, quote: first === "'" ? "single" : "double" };
  }
  const end = lineEnd(text, at);
  const valueEnd = trimmedEnd(text, at, commentStart(text, at, end), isPythonSpace);
  return { content: text.slice(at, valueEnd), valueEnd, quote: "none" };
}

/** In a value without quotes, a `#` starts a comment behind white space within the value: `A= #x` is `#x`. */
function commentStart(text: string, start: number, end: number): number {
  for (let at = text.indexOf("#", start); at !== -1 && at < end; at = text.indexOf("#", at + 1))
    if (at > start && isPythonSpace(text.charAt(at - 1))) return at;
  return end;
}

/** What is left of the line: nothing, or a comment. */
function readEnd(text: string, from: number) {
  const end = lineEnd(text, from);
  const at = skipSpace(text, from, end, isBlank);
  if (at === end) return { end: from };
  if (text.charAt(at) !== "#") return undefined;
  const commentEnd = trimmedEnd(text, at, end, isPythonSpace);
  return { comment: text.slice(at, commentEnd), end: commentEnd };
}

const unescape = (text: string): string =>
  text.replaceAll(/\\([\\'"abfnrtv])/g, (_whole, character: string) => C_ESCAPES[character] ?? character);

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const BAD_KEY: Problem = {
  code: "ENV_BAD_KEY",
  expected: "a key before `=`",
  found: "none",
};
const NO_DELIMITER: Problem = {
  code: "ENV_NO_DELIMITER",
  expected: "`KEY=value` or a comment",
  found: "a line without `=`",
};
const UNTERMINATED: Problem = {
  code: "ENV_UNTERMINATED_QUOTE",
  expected: "a closing quote",
  found: "none up to the end of the file",
};
const TEXT_AFTER_QUOTE: Problem = {
  code: "ENV_TEXT_AFTER_QUOTE",
  expected: "nothing behind the closing quote but a comment",
  found: "more text",
};
