import type { Dialect } from "./dialect.ts";

export type Quote = "none" | "single" | "double" | "backtick";

/** One `$NAME` or `${NAME…}` of a value, which the dialect replaces. */
export interface EnvReference {
  readonly name: string;
  /** As written: `${DB_HOST:-localhost}`. */
  readonly raw: string;
  /** What stands in when it is not set; absent: the empty text. */
  readonly fallback?: string;
  /** The fallback is taken as it stands; otherwise references in it are replaced too. */
  readonly plain?: true;
  /**
   * `-` the fallback, `?` a refusal when it is not set, `+` the fallback when it is set; with `:`, an empty value counts
   * as not set. python-dotenv writes `:-` and means `-`.
   */
  readonly operator?: ":-" | "-" | ":?" | "?" | ":+" | "+";
}

/** One key of a file, as its dialect reads it. Offsets are UTF-16 indexes into the text of the file. */
export interface EnvEntry {
  readonly key: string;
  /** Where the key stands, from 1. */
  readonly line: number;
  readonly column: number;
  /** The last line of the value: another than `line` for a value in quotes that spans several. */
  readonly endLine: number;
  /** The value as written, with its quotes and without its comment. */
  readonly raw: string;
  /**
   * As the dialect reads it, quotes and escapes done, references left as they are written: `resolveValue` replaces them.
   * Absent: the key stands alone, which hands on the variable of the process (compose, docker), or sets nothing
   * (python-dotenv).
   */
  readonly value?: string;
  /** The value in pieces, where there is something to replace. */
  readonly parts?: readonly (string | EnvReference)[];
  readonly quote: Quote;
  /** What stands between key and value; `""` when nothing does. */
  readonly delimiter: "=" | ":" | "";
  /** Whether `export` stands before the key. */
  readonly exported: boolean;
  /** Behind the value, with its `#`. */
  readonly comment?: string;
  /** Empty: nothing in it is replaced. */
  readonly references: readonly EnvReference[];
  /** From the first character of the statement (`export` included) to behind the last, comment included. */
  readonly start: number;
  readonly end: number;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** A line that is a comment. */
export interface EnvComment {
  readonly line: number;
  readonly column: number;
  /** With its `#`. */
  readonly text: string;
}

export type EnvFaultCode =
  /** A line without `=` that this dialect passes over, or refuses. */
  | "ENV_NO_DELIMITER"
  /** No key, or one with characters that this dialect does not take. */
  | "ENV_BAD_KEY"
  | "ENV_UNTERMINATED_QUOTE"
  /** Text behind a closing quote. */
  | "ENV_TEXT_AFTER_QUOTE"
  | "ENV_BAD_REFERENCE"
  | "ENV_LINE_TOO_LONG"
  | "ENV_NUL"
  | "ENV_NOT_UTF8"
  | "ENV_BINARY"
  | "ENV_TOO_LARGE"
  | "ENV_MISSING"
  | "ENV_UNREADABLE"
  | "ENV_NOT_A_FILE"
  | "ENV_SYMLINK_LOOP";

/** One thing wrong with a file. No field ever holds a value. */
export interface EnvFault {
  readonly code: EnvFaultCode;
  /** From 1; absent for what is wrong with a file as a whole. */
  readonly line?: number;
  readonly column?: number;
  readonly expected: string;
  readonly found: string;
  /** Of what is no UTF-8: the encoding it is likely in, as iconv calls it. */
  readonly encoding?: string;
  /** What the dialect does about it: passes over the line, reads it otherwise than meant, or refuses the whole file. */
  readonly effect: "line-ignored" | "read-differently" | "file-refused";
}

/** What a dialect reads in a text. */
export interface ParsedEnv {
  /** In the order of the file; of two with one key the last wins, in every dialect. */
  readonly entries: readonly EnvEntry[];
  readonly comments: readonly EnvComment[];
  readonly faults: readonly EnvFault[];
}

/** A file that was read. */
export interface EnvFile extends ParsedEnv {
  /** As it was named, with `/`. */
  readonly path: string;
  readonly dialect: Dialect;
  readonly text: string;
}
