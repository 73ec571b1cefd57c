import type { LintFinding } from "../python/source-file.ts";
import type { AwaitFacts } from "./facts.ts";

export interface AwaitsInput {
  /** By path, relative to the tree, with `/`. */
  readonly files: ReadonlyMap<string, AwaitFacts>;
  /** Python files of the tree of which nothing is known: they do not parse, or cannot be read. */
  readonly unread?: readonly string[];
  /** Folders of pytest's `pythonpath`, relative to the tree, "" for the tree itself. */
  readonly roots?: readonly string[];
}

export function analyseAwaits(_input: AwaitsInput): readonly LintFinding[] {
  return [];
}
