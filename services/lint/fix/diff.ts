import type { Edit } from "../python/source-file.ts";
import { applyEdits } from "./apply.ts";

const CONTEXT = 3;

/** Lines of the old text, from 0, `to` not among them, and what stands in their place. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/**
 * A unified diff of what the edits do, as `patch` reads it; empty when they change nothing. No search for what changed
 * is needed: the edits say it.
 *
 * @param edits of this file, in order, none overlapping
 */
export function unifiedDiff(file: string, text: string, edits: readonly Edit[]): string {
  const lines = splitLines(text);
  const changes = clusters(edits, lineStarts(lines)).flatMap(({ from, to, edits: own }) => {
    const range = { from: offsetOf(lines, from), to: offsetOf(lines, to) };
    return trim({ from, to, lines: splitLines(applyEdits(text, own, range)) }, lines);
  });
  if (changes.length === 0) return "";
  let shift = 0;
  const hunks = hunksOf(changes).map((hunk) => {
    const rendered = renderHunk(hunk, lines, shift);
    shift += hunk.reduce((sum, { from, to, lines: added }) => sum + added.length - (to - from), 0);
    return rendered;
  });
  const from = edits.some(({ creates }) => creates === true) ? "/dev/null" : `a/${file}`;
  return `--- ${from}\n+++ b/${file}\n${hunks.join("")}`;
}

/** Whole lines, each with its end; the last one may have none. */
const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Where each line begins, and where the text ends. */
function lineStarts(lines: readonly string[]): readonly number[] {
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  return starts;
}

const offsetOf = (lines: readonly string[], line: number): number =>
  lines.slice(0, line).reduce((sum, { length }) => sum + length, 0);

interface Cluster {
  from: number;
  to: number;
  readonly edits: Edit[];
}

/** Edits that touch one line, or lines next to each other, belong together. */
function clusters(edits: readonly Edit[], starts: readonly number[]): readonly Cluster[] {
  const found: Cluster[] = [];
  const end = starts.length - 1;
  for (const edit of edits) {
    const from = lineOf(starts, edit.start);
    const to = Math.min(end, lineOf(starts, edit.end) + 1);
    const last = found.at(-1);
    if (last !== undefined && from <= last.to) {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    } else {
      found.push({ from, to, edits: [edit] });
    }
  }
  return found;
}

/** The line that holds an offset; the one after the last for the end of a text that ends with a line feed. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** Without the lines at both ends that stay as they were. */
function trim({ from, to, lines: after }: Change, lines: readonly string[]): Change[] {
  const before = lines.slice(from, to);
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  if (head === before.length && head === after.length) return [];
  return [{ from: from + head, to: to - tail, lines: after.slice(head, after.length - tail) }];
}

/** Changes whose surroundings meet are shown together. */
function hunksOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const hunks: Change[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1);
    const end = last?.at(-1)?.to;
    if (last !== undefined && end !== undefined && change.from - end <= 2 * CONTEXT) last.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function renderHunk(changes: readonly Change[], lines: readonly string[], shift: number): string {
  const first = Math.max(0, (changes[0]?.from ?? 0) - CONTEXT);
  const last = Math.min(lines.length, (changes.at(-1)?.to ?? 0) + CONTEXT);
  const body: string[] = [];
  let read = first;
  for (const { from, to, lines: added } of changes) {
    body.push(...marked(" ", lines.slice(read, from)), ...marked("-", lines.slice(from, to)));
    body.push(...marked("+", added));
    read = to;
  }
  body.push(...marked(" ", lines.slice(read, last)));
  const count = last - first;
  const delta = changes.reduce((sum, { from, to, lines: added }) => sum + added.length - (to - from), 0);
  return `@@ -${range(first, count)} +${range(first + shift, count + delta)} @@\n${body.join("")}`;
}

/** Lines are counted from 1; a stretch without lines is named by the line before it. */
const range = (start: number, length: number): string => `${length === 0 ? start : start + 1},${length}`;

const marked = (mark: string, lines: readonly string[]): string[] =>
  lines.map((line) =>
    line.endsWith("\n") ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`,
  );
