/** Compose `env_file`: quotes, escapes and `$` as in a shell, near enough; the first fault refuses the whole file. */
import { composeReferences, isBadReference } from "./compose-references.ts";
import { type ComposeValue, readComposeValue } from "./compose-value.ts";
import { entryMaker, valueOf } from "./entry.ts";
import type { EnvComment, EnvEntry, EnvFault, ParsedEnv } from "./env-file.ts";
import { createPositions, isGoSpace, lineEnd, skipSpace, trimmedEnd } from "./source-text.ts";

/** What Compose reads. Behind a fault it goes on with the next line, so that all of them can be told. */
export function parseCompose(text: string): ParsedEnv {
  const position = createPositions(text);
  const make = entryMaker({ whole: text, text, original: (offset) => offset });
  const entries: EnvEntry[] = [];
  const comments: EnvComment[] = [];
  const faults: EnvFault[] = [];
  const report = (at: number, fault: Omit<EnvFault, "line" | "column">) =>
    faults.push({ ...fault, ...position(at) });
  const next = (at: number) => skipSpace(text, at, text.length, isGoSpace);
  // Behind a closing quote Compose reads on as if a line began there.
  let behindQuote = -1;
  for (let at = next(text.startsWith("\uFEFF") ? 1 : 0); at < text.length;) {
    if (text.charAt(at) === "#") {
      const end = trimmedEnd(text, at, lineEnd(text, at), isGoSpace);
      if (at >= behindQuote) comments.push({ ...position(at), text: text.slice(at, end) });
      at = next(end);
      continue;
    }
    if (at < behindQuote) report(at, TEXT_AFTER_QUOTE);
    const key = readKey(text, at);
    if (!key.ok) {
      report(key.at, key.fault);
      at = next(lineEnd(text, at));
      continue;
    }
    const value = key.delimiter === "" ? undefined : readComposeValue(text, key.next);
    if (value === "unterminated") {
      report(key.next, { ...UNTERMINATED, effect: "file-refused" });
      at = next(lineEnd(text, key.next));
      continue;
    }
    const { entry, bad } = statementOf(text, { at, key, value });
    if (bad !== undefined) report(key.keyStart, { ...BAD_REFERENCE, found: bad, effect: "file-refused" });
    entries.push(make(entry));
    const end = value === undefined ? key.next : value.valueEnd;
    behindQuote = value !== undefined && value.quote !== "none" ? lineEnd(text, end) : -1;
    at = next(value?.quote === "none" ? lineEnd(text, end) : end);
  }
  return { entries, comments, faults };
}

interface Parts {
  readonly at: number;
  readonly key: Extract<Key, { ok: true }>;
  readonly value: ComposeValue | undefined;
}

function statementOf(text: string, { at, key, value }: Parts) {
  const { name, keyStart, delimiter } = key;
  const known = { key: name, keyStart, start: at, exported: keyStart > at, delimiter };
  const keyEnd = keyStart + name.length;
  if (value === undefined) {
    const alone = {
      valueStart: keyEnd,
      valueEnd: keyEnd,
      value: undefined,
      quote: "none",
      end: keyEnd,
    } as const;
    return { entry: { ...known, ...alone }, bad: undefined };
  }
  const { valueEnd, quote, content } = value;
  const newline = lineEnd(text, valueEnd);
  const behind = skipSpace(text, valueEnd, newline, isGoSpace);
  const hasComment = text.charAt(behind) === "#" && behind < newline;
  const end = hasComment ? trimmedEnd(text, behind, newline, isGoSpace) : valueEnd;
  const parts = quote === "single" ? [content] : composeReferences(content);
  const read = isBadReference(parts) ? { value: content } : valueOf(parts);
  const comment = hasComment ? { comment: text.slice(behind, end) } : {};
  const entry = { ...known, valueStart: key.next, valueEnd, quote, ...read, ...comment, end } as const;
  return { entry, bad: isBadReference(parts) ? parts.bad : undefined };
}

type Key =
  | {
      readonly ok: true;
      readonly name: string;
      readonly keyStart: number;
      readonly delimiter: "=" | ":" | "";
      /** Where the value starts; where the line ends, for a key alone. */
      readonly next: number;
    }
  | {
      readonly ok: false;
      readonly at: number;
      readonly fault: Omit<EnvFault, "line" | "column">;
    };

/** White space that ends no line. */
const isBlank = (character: string) => character !== "" && "\t\v\f\r \u0085\u00A0".includes(character);
const KEY_CHARACTER = /[\p{L}\p{N}_.\-[\]]/u;

function readKey(text: string, start: number): Key {
  const exported = /^export[\t\n\f\r ]/.test(text.slice(start, start + 7));
  const keyStart = exported ? skipSpace(text, start + 6, text.length, isBlank) : start;
  const end = lineEnd(text, keyStart);
  for (let at = keyStart; at <= end; at++) {
    const character = at === end ? "\n" : text.charAt(at);
    if (isBlank(character)) continue;
    if (character === "=" || character === ":" || character === "\n") {
      // As Compose: the line is the value of an empty key there, which Docker refuses.
      if (at === text.length) return { ok: false, at: keyStart, fault: ALONE_AT_END };
      const name = text.slice(keyStart, trimmedEnd(text, keyStart, at, isGoSpace));
      if (name === "" && character === "\n") return { ok: false, at: start, fault: EXPORT_ALONE };
      if (name === "") return { ok: false, at: keyStart, fault: NO_KEY };
      if (name.includes(" ")) return { ok: false, at: keyStart, fault: SPACE_IN_KEY };
      if (character === "\n") return { ok: true, name, keyStart, delimiter: "", next: end };
      return { ok: true, name, keyStart, delimiter: character, next: skipSpace(text, at + 1, end, isBlank) };
    }
    const codePoint = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (!KEY_CHARACTER.test(codePoint)) return { ok: false, at, fault: BAD_CHARACTER };
    at += codePoint.length - 1;
  }
  return { ok: false, at: keyStart, fault: NO_KEY };
}

const BAD_KEY = { code: "ENV_BAD_KEY", effect: "file-refused" } as const;
/** Compose reads an empty key, and the engine refuses the container for it. */
const NO_KEY = { ...BAD_KEY, expected: "a key before `=`", found: "none" } as const;
const SPACE_IN_KEY = { ...BAD_KEY, expected: "a key without spaces", found: "a space" } as const;
const BAD_CHARACTER = {
  ...BAD_KEY,
  expected: "a key of letters, digits, `_`, `.`, `-`, `[` and `]`",
  found: "another character",
} as const;
const ALONE_AT_END = {
  ...BAD_KEY,
  expected: "a line end behind a key that stands alone",
  found: "the end of the file",
} as const;
const EXPORT_ALONE = { ...NO_KEY, effect: "line-ignored" } as const;
const UNTERMINATED = {
  code: "ENV_UNTERMINATED_QUOTE",
  expected: "a closing quote",
  found: "none up to the end of the file",
} as const;
const BAD_REFERENCE = {
  code: "ENV_BAD_REFERENCE",
  expected: "`${NAME}`, `${NAME:-fallback}`, or `$$` for a `$`",
} as const;
const TEXT_AFTER_QUOTE = {
  code: "ENV_TEXT_AFTER_QUOTE",
  expected: "nothing behind the closing quote but a comment",
  found: "more text, which is read as the next line would be",
  effect: "read-differently",
} as const;
