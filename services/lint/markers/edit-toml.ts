import type { Edit } from "../python/source-file.ts";
import type { RegisteredMarker } from "./settings.ts";
import type { TomlEntry, TomlTable } from "./toml.ts";

export interface TomlTarget {
  readonly file: string;
  readonly text: string;
  /** `markers = …`, when there is one. */
  readonly entry: TomlEntry | undefined;
  readonly table: TomlTable | undefined;
  /** The last marker that stays. */
  readonly last: RegisteredMarker | undefined;
}

/** Adds strings to `markers`, each on a line of its own where the others have one; comments stay with their string. */
export function registrationInToml(target: TomlTarget, lines: readonly string[]): Edit[] | undefined {
  const { file, text, entry, table, last } = target;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const insert = (at: number, added: string): Edit => ({ file, start: at, end: at, text: added });
  const strings = lines.map((line) => JSON.stringify(line));
  const block = strings.map((one) => `${eol}    ${one},`).join("") + eol;
  if (!entry) return table && [insert(endOfLine(text, table.end), `${eol}markers = [${block}]`)];
  if (text[entry.start] !== "[") return inLongString(target, entry, lines, eol);
  if (!last) return [{ file, start: entry.start, end: entry.end, text: `[${block}]` }];

  const { start, end } = last.span;
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const lineEnd = endOfLine(text, end);
  const rest = /^([ \t]*,)?[ \t]*(?:#.*)?$/.exec(text.slice(end, lineEnd));
  if (before.trim() !== "" || rest === null) return [insert(end, strings.map((one) => `, ${one}`).join(""))];
  const added = strings.map((one) => `${eol}${before}${one},`).join("");
  return rest[1] === undefined ? [insert(end, ","), insert(lineEnd, added)] : [insert(lineEnd, added)];
}

/** `markers = """` with a marker on each line; a string of one line is left alone. */
function inLongString(
  target: TomlTarget,
  entry: TomlEntry,
  lines: readonly string[],
  eol: string,
): Edit[] | undefined {
  const { file, text, last } = target;
  if (!last || !/^("""|''')/.test(text.slice(entry.start))) return undefined;
  const lineStart = text.lastIndexOf("\n", last.span.start - 1) + 1;
  const before = text.slice(lineStart, last.span.start);
  const indent = before.trim() === "" ? before : "    ";
  const added = lines.map((line) => `${eol}${indent}${line}`).join("");
  return [{ file, start: last.span.end, end: last.span.end, text: added }];
}

/** Takes a string out of an array, with its comma, and with its line when nothing else is on it. */
export function removalInToml(file: string, text: string, span: { start: number; end: number }): Edit {
  const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
  const lineEnd = endOfLine(text, span.end);
  const alone = text.slice(lineStart, span.start).trim() === "";
  if (alone && /^[ \t]*,?[ \t]*(?:#.*)?$/.test(text.slice(span.end, lineEnd))) {
    const next = text.indexOf("\n", lineEnd);
    return { file, start: lineStart, end: next === -1 ? text.length : next + 1, text: "" };
  }
  const behind = /^\s*,[ \t]*/.exec(text.slice(span.end))?.[0];
  if (behind !== undefined) return { file, start: span.start, end: span.end + behind.length, text: "" };
  const ahead = /,\s*$/.exec(text.slice(0, span.start))?.[0] ?? "";
  return { file, start: span.start - ahead.length, end: span.end, text: "" };
}

/** Before the line's end, whichever kind it is. */
function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  if (end === -1) return text.length;
  return text[end - 1] === "\r" ? end - 1 : end;
}
