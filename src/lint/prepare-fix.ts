import { lstat, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { applyEdits } from "../../services/lint/fix/apply.ts";
import { unifiedDiff } from "../../services/lint/fix/diff.ts";
import { planFixes } from "../../services/lint/fix/plan.ts";
import { splice } from "../../services/lint/fix/splice.ts";
import { decodePython, decodeUtf8 } from "../../services/lint/python/decode.ts";
import { findSyntaxError } from "../../services/lint/python/syntax-error.ts";
import type { Edit, LintFinding } from "../../services/lint/python/source-file.ts";
import { digestOf } from "./journal/durable.ts";
import type { PlannedChange } from "./journal/journal.ts";
import { createPythonParser, type PythonParser } from "./parser.ts";
import { readWhole } from "./read-file.ts";

export interface FileRefusal {
  readonly file: string;
  readonly reason: string;
}

/** A file as it will be. */
export interface PreparedFile extends PlannedChange {
  readonly bytes: Buffer;
  /** Unified. */
  readonly diff: string;
}

export interface PreparedFix {
  readonly files: readonly PreparedFile[];
  /** Findings that these changes put right. */
  readonly fixed: readonly LintFinding[];
  /** Findings that another lint can put right: their changes meet others. */
  readonly deferred: readonly LintFinding[];
  readonly refused: readonly FileRefusal[];
}

export interface PrepareOptions {
  readonly root: string;
  readonly findings: readonly LintFinding[];
  /** The digest of each file when it was linted. */
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * Makes the changes in memory and holds them against what must be so: the file is the one that was linted, it is in the
 * tree, and it is as valid afterwards as before. One finding is repaired in all its files or in none.
 */
export async function prepareFix({ root, findings, digests }: PrepareOptions): Promise<PreparedFix> {
  const parser = await createPythonParser();
  const realRoot = await realpath(root);
  const refused = new Map<string, string>();
  try {
    // Each refusal takes its findings with it, and with them edits of other files.
    for (;;) {
      const usable = findings.filter(({ edits = [] }) => edits.every(({ file }) => !refused.has(file)));
      const plan = planFixes(usable);
      const files: PreparedFile[] = [];
      const before = refused.size;
      for (const [file, edits] of plan.edits) {
        const prepared = await prepareFile(file, edits, { root, realRoot, digests, parser });
        if ("reason" in prepared) refused.set(file, prepared.reason);
        else if (prepared.diff !== "") files.push(prepared);
      }
      if (refused.size === before) {
        const list = [...refused].map(([file, reason]) => ({ file, reason }));
        return { files, fixed: plan.fixed, deferred: plan.deferred, refused: list };
      }
    }
  } finally {
    parser.delete();
  }
}

interface Surroundings extends Pick<PrepareOptions, "root" | "digests"> {
  readonly realRoot: string;
  readonly parser: PythonParser;
}

async function prepareFile(
  file: string,
  edits: readonly Edit[],
  { root, realRoot, digests, parser }: Surroundings,
): Promise<PreparedFile | FileRefusal> {
  const path = join(root, file);
  if (edits.some(({ creates }) => creates === true)) return prepareNew(file, edits, path);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return { file, reason: "it is gone" };
  if (!real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep))
    return { file, reason: `it is outside of ${root}` };
  const read = readWhole(path);
  if (!read.ok) return { file, reason: read.reason };
  const original = read.bytes;
  const before = digestOf(original);
  if (before !== digests.get(file)) return { file, reason: "it has been changed since it was linted" };
  const isPython = file.endsWith(".py");
  const decoded = isPython ? decodePython(original) : decodeUtf8(original);
  if (!decoded.ok) return { file, reason: decoded.reason };
  const spliced = splice(original, decoded, edits);
  if (!spliced.ok) return { file, reason: spliced.reason };
  if (isPython && breaks(parser, { before: decoded.text, after: applyEdits(decoded.text, edits) }))
    return { file, reason: "the change would leave it invalid; that is a fault of Greenlight's" };
  const { bytes } = spliced;
  const diff = unifiedDiff(file, decoded.text, edits);
  return { file, original, before, after: digestOf(bytes), bytes, diff };
}

/** A file that is not there yet. */
async function prepareNew(
  file: string,
  edits: readonly Edit[],
  path: string,
): Promise<PreparedFile | FileRefusal> {
  const there = await lstat(path).catch((error: unknown) => (error as NodeJS.ErrnoException).code ?? "");
  if (there !== "ENOENT") return { file, reason: typeof there === "string" ? there : "it is there already" };
  const original = Buffer.alloc(0);
  const bytes = Buffer.from(applyEdits("", edits));
  const digests = { before: digestOf(original), after: digestOf(bytes) };
  return { file, original, ...digests, bytes, diff: unifiedDiff(file, "", edits), created: true };
}

function breaks(parser: PythonParser, { before, after }: { before: string; after: string }): boolean {
  return isBroken(parser, after) && !isBroken(parser, before);
}

function isBroken(parser: PythonParser, text: string): boolean {
  const tree = parser.parse(text);
  try {
    return findSyntaxError(tree, text) !== undefined;
  } finally {
    tree.delete();
  }
}
