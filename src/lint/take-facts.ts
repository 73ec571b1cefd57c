import { join } from "node:path";
import { type AwaitFacts, extractAwaits } from "../../services/lint/awaits/extract.ts";
import { extractMarkers, type MarkerFacts } from "../../services/lint/markers/extract.ts";
import { decodePython } from "../../services/lint/python/decode.ts";
import { findSyntaxError } from "../../services/lint/python/syntax-error.ts";
import { digestOf } from "./journal/durable.ts";
import type { PythonParser } from "./parser.ts";
import { readWhole } from "./read-file.ts";

/** What can be linted for. */
export const AREAS = ["markers", "awaits"] as const;
export type Area = (typeof AREAS)[number];

/** Why a file is not linted, or not whole. */
export interface FileFault {
  readonly code:
    | "LINT_UNREADABLE"
    | "LINT_TOO_LARGE"
    | "LINT_NOT_A_FILE"
    | "LINT_NOT_TEXT"
    | "LINT_SYNTAX_ERROR"
    | "LINT_FAILED";
  readonly reason: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
}

/** What is known of one file; plain data, since it goes from thread to thread. */
export interface FileFacts {
  readonly path: string;
  readonly lines: number;
  readonly markers?: MarkerFacts;
  readonly awaits?: AwaitFacts;
  /** SHA-256 of the bytes, where it was asked for. */
  readonly digest?: string;
  readonly fault?: FileFault;
}

export interface TakeFactsOptions {
  readonly root: string;
  readonly areas: readonly Area[];
  readonly parser: PythonParser;
  /** Take the digest of each file too, by which it is known again. */
  readonly digests: boolean;
}

/** Reads, parses and looks through one file. Never throws for what a file holds. */
export function takeFacts(path: string, { root, areas, parser, digests }: TakeFactsOptions): FileFacts {
  const read = readWhole(join(root, path));
  if (!read.ok) return { path, lines: 0, fault: { code: read.code, reason: read.reason } };
  const decoded = decodePython(read.bytes);
  if (!decoded.ok) {
    const { reason, line } = decoded;
    return {
      path,
      lines: 0,
      fault: { code: "LINT_NOT_TEXT", reason, ...(line === undefined ? {} : { line }) },
    };
  }
  const { text } = decoded;
  const lines = countLines(read.bytes);
  const tree = parser.parse(text);
  try {
    const file = { path, text, tree };
    const broken = findSyntaxError(tree, text);
    // What else such a file holds is a guess: its markers count as used, and its functions are not known.
    const markers = areas.includes("markers") ? extractMarkers(file) : undefined;
    const awaits = areas.includes("awaits") && broken === undefined ? extractAwaits(file) : undefined;
    return {
      path,
      lines,
      ...(digests ? { digest: digestOf(read.bytes) } : {}),
      ...(markers === undefined ? {} : { markers }),
      ...(awaits === undefined ? {} : { awaits }),
      ...(broken === undefined ? {} : { fault: { code: "LINT_SYNTAX_ERROR", ...broken } }),
    };
  } finally {
    tree.delete();
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}
