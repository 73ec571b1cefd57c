/** fix: which edits are made, what a file becomes by them, and how that is shown. */
import type { Edit, LintFinding } from "../python/source-file.ts";

export interface FixPlan {
  /** Edits by file, files and edits in order, none overlapping. */
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
  /** What is put right. */
  readonly fixed: readonly LintFinding[];
  /** Could be put right, and meets what another one changes: lint again afterwards. */
  readonly deferred: readonly LintFinding[];
}

/**
 * Takes the findings in their order; one whose edits meet those already taken is left for the next time, as a whole. The
 * same edit asked for by two findings is made once.
 */
export function planFixes(findings: readonly LintFinding[]): FixPlan {
  const taken = new Map<string, Edit[]>();
  const fixed: LintFinding[] = [];
  const deferred: LintFinding[] = [];
  for (const each of findings) {
    const { edits = [] } = each;
    if (edits.length === 0) continue;
    const added = edits.filter((edit) => !(taken.get(edit.file) ?? []).some((other) => isSame(edit, other)));
    const collides = added.some((edit) => (taken.get(edit.file) ?? []).some((other) => meets(edit, other)));
    if (collides) {
      deferred.push(each);
      continue;
    }
    for (const edit of added) taken.set(edit.file, [...(taken.get(edit.file) ?? []), edit]);
    fixed.push(each);
  }
  const files = [...taken].sort(([a], [b]) => (a < b ? -1 : 1));
  const edits = new Map(files.map(([file, own]) => [file, own.sort(compareEdits)]));
  return { edits, fixed, deferred };
}

const compareEdits = (a: Edit, b: Edit): number => a.start - b.start || a.end - b.end;

const isSame = (a: Edit, b: Edit): boolean => a.start === b.start && a.end === b.end && a.text === b.text;

/** Two insertions at one place meet too: which comes first would depend on who asked first. */
function meets(a: Edit, b: Edit): boolean {
  if (a.start === b.start) return true;
  return a.start < b.start ? a.end > b.start : b.end > a.start;
}
