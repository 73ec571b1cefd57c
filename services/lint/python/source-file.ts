/** lint: what is wrong in the code of Python test suites; facts are taken from each file alone, then judged together. */
import type { Tree } from "web-tree-sitter";
import type { Finding } from "../../findings/finding.ts";

/** One file while facts are taken from it. */
export interface PythonFile {
  /** Relative to the tree that is linted, with `/`. */
  readonly path: string;
  /** Decoded, without a byte order mark; line ends as in the file. */
  readonly text: string;
  /** Deleted as soon as the facts are taken: keep no node of it. */
  readonly tree: Tree;
}

/** A stretch of a file. Offsets are UTF-16 indexes into its text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** Puts `text` in place of what is between `start` and `end` (UTF-16 indexes into the file's text). */
export interface Edit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** There is no such file yet: this makes it. */
  readonly creates?: true;
}

export interface LintFinding {
  readonly finding: Finding;
  /** What `--fix` does about it: all of them or none. */
  readonly edits?: readonly Edit[];
}
