/** Node's dotenv: finds what looks like a statement wherever a line starts with one, and passes over everything else. */
import { entryMaker } from "./entry.ts";
import type { EnvComment, EnvEntry, EnvFault, ParsedEnv, Quote } from "./env-file.ts";
import { type NormalizedText, createPositions, lineEnd, normalizeNewlines } from "./source-text.ts";

const QUOTED = /\s*(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)/.source;
/** Within a line; crossing lines here, as the package does, costs the square of the number of empty lines. */
const BLANK = /[^\S\n\u2028\u2029]*/.source;
/** A value in quotes may start on a later line than its key, and one behind `:` too, whatever it is. */
const STATEMENT = new RegExp(
  `^${BLANK}(?<start>export\\s+)?(?<key>[\\w.-]+)(?<delimiter>\\s*=|:\\s)(?<value>${QUOTED}|[^#\\n]+)?${BLANK}(?<comment>#.*)?$`,
  "dgm",
);

const QUOTES: Readonly<Record<string, Quote>> = { "'": "single", '"': "double", "`": "backtick" };

/** What `dotenv` for Node reads. */
export function parseDotenv(whole: string): ParsedEnv {
  const normalized = normalizeNewlines(whole);
  const { text } = normalized;
  const entries: EnvEntry[] = [];
  const faults: EnvFault[] = [];
  const comments: EnvComment[] = [];
  const position = createPositions(text);
  const make = entryMaker({ ...normalized, whole });
  let behind = 0;
  for (const match of text.matchAll(STATEMENT)) {
    between(normalized, { from: behind, to: match.index, position, comments, faults });
    const { entry, fault } = read(match, text, make);
    entries.push(entry);
    if (fault) faults.push({ ...fault, ...position(offsetOf(match, "key")) });
    behind = match.index + match[0].length;
  }
  between(normalized, { from: behind, to: text.length, position, comments, faults });
  return { entries, comments, faults };
}

type Fault = Omit<EnvFault, "line" | "column">;

function read(match: RegExpExecArray, text: string, make: ReturnType<typeof entryMaker>) {
  const { start = "", key = "", delimiter = "", value = "", comment } = match.groups ?? {};
  const keyStart = offsetOf(match, "key");
  const written = value.trim();
  const valueStart =
    value === "" ? keyStart + key.length + delimiter.length : offsetOf(match, "value") + leading(value);
  const first = written.charAt(0);
  const stripped = written.replaceAll(/^(['"`])([\s\S]*)\1$/gm, "$2");
  // The package looks at the first character only: a broken `"` has its escapes replaced too.
  const unescaped = first === '"' ? stripped.replaceAll("\\n", "\n").replaceAll("\\r", "\r") : stripped;
  const quote = stripped !== written ? (QUOTES[first] ?? "none") : "none";
  const entry = make({
    key,
    keyStart,
    start: start === "" ? keyStart : offsetOf(match, "start"),
    exported: start !== "",
    delimiter: delimiter.startsWith(":") ? ":" : "=",
    valueStart,
    valueEnd: valueStart + written.length,
    value: unescaped,
    quote,
    ...(comment === undefined ? {} : { comment: comment.trim() }),
    end: Math.max(trimEnd(text, match), valueStart + written.length),
  });
  return { entry, fault: quoteFault(written, quote) };
}

function quoteFault(written: string, quote: Quote): Fault | undefined {
  const first = written.charAt(0);
  if (quote !== "none" || !Object.hasOwn(QUOTES, first)) return undefined;
  const closed = written.indexOf(first, 1) !== -1;
  return {
    code: closed ? "ENV_TEXT_AFTER_QUOTE" : "ENV_UNTERMINATED_QUOTE",
    expected: closed ? `nothing behind the closing ${first} but a comment` : `a closing ${first}`,
    found: closed ? "more text, so the quotes stay in the value" : "none, so the quote stays in the value",
    effect: "read-differently",
  };
}

interface Between {
  readonly from: number;
  readonly to: number;
  readonly position: ReturnType<typeof createPositions>;
  readonly comments: EnvComment[];
  readonly faults: EnvFault[];
}

/** The lines between two statements: comments, and what is passed over without a word. */
function between({ text }: NormalizedText, { from, to, position, comments, faults }: Between): void {
  for (let at = from; at < to; at = lineEnd(text, at) + 1) {
    const line = text.slice(at, Math.min(to, lineEnd(text, at)));
    const shown = line.trim();
    if (shown === "") continue;
    const place = position(at + leading(line));
    if (shown.startsWith("#")) comments.push({ ...place, text: shown });
    else faults.push({ ...ignored(shown), ...place });
  }
}

function ignored(line: string): Fault {
  if (/=|:\s/.test(line))
    return {
      code: "ENV_BAD_KEY",
      expected: "a key of letters, digits, `_`, `.` and `-` before `=`",
      found: "other characters",
      effect: "line-ignored",
    };
  return {
    code: "ENV_NO_DELIMITER",
    expected: "`KEY=value` or a comment",
    found: "a line without `=`",
    effect: "line-ignored",
  };
}

const offsetOf = (match: RegExpExecArray, group: string): number =>
  match.indices?.groups?.[group]?.[0] ?? match.index;

const leading = (text: string): number => text.length - text.trimStart().length;

function trimEnd(text: string, match: RegExpExecArray): number {
  return match.index + text.slice(match.index, match.index + match[0].length).trimEnd().length;
}
