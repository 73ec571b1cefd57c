import type { EnvEntry, EnvReference, Quote } from "./env-file.ts";
import { createPositions } from "./source-text.ts";

/** What a parser knows of a statement, in offsets of the text that it went over. */
export interface Statement {
  readonly key: string;
  readonly keyStart: number;
  /** As written, where that is longer than the key: with quotes. */
  readonly keyEnd?: number;
  readonly start: number;
  readonly end: number;
  readonly exported: boolean;
  readonly delimiter: EnvEntry["delimiter"];
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly value: string | undefined;
  readonly parts?: readonly (string | EnvReference)[] | undefined;
  readonly quote: Quote;
  readonly comment?: string | undefined;
}

export interface EntrySource {
  /** The text as it was handed over. */
  readonly whole: string;
  /** The one the parser went over, with other ends of lines. */
  readonly text: string;
  readonly original: (offset: number) => number;
}

/** Makes entries of statements: lines and columns, and offsets into the text as it was handed over. */
export function entryMaker({ whole, text, original }: EntrySource): (statement: Statement) => EnvEntry {
  const position = createPositions(text);
  return ({ keyStart, keyEnd, start, end, valueStart, valueEnd, value, parts, comment, ...rest }) => {
    const references = parts?.filter((part) => typeof part !== "string") ?? [];
    const offsets = { start: original(valueStart), end: original(valueEnd) };
    return {
      ...rest,
      ...position(keyStart),
      endLine: position(valueEnd).line,
      raw: whole.slice(offsets.start, offsets.end),
      ...(value === undefined ? {} : { value }),
      ...(parts === undefined || references.length === 0 ? {} : { parts }),
      references,
      ...(comment === undefined ? {} : { comment }),
      start: original(start),
      end: original(end),
      keyStart: original(keyStart),
      keyEnd: original(keyEnd ?? keyStart + rest.key.length),
      valueStart: offsets.start,
      valueEnd: offsets.end,
    };
  };
}

/** The text of a value and, where something in it is replaced, its pieces. */
export function valueOf(parts: readonly (string | EnvReference)[]): Pick<Statement, "value" | "parts"> {
  const value = parts.map((part) => (typeof part === "string" ? part : part.raw)).join("");
  return parts.some((part) => typeof part !== "string") ? { value, parts } : { value };
}
