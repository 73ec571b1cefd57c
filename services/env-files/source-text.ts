/** Where things stand in a text, and cuts of it that take no more than one look at each character. */

export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** Line and column, from 1, of an offset; a line ends with `\n`. */
export function createPositions(text: string): (offset: number) => SourcePosition {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    const line = countUpTo(starts, offset);
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}

export interface NormalizedText {
  /** Every `\r\n` and `\r` is `\n` in it. */
  readonly text: string;
  /** From an offset in it to one in what was handed over. */
  readonly original: (offset: number) => number;
}

export function normalizeNewlines(text: string): NormalizedText {
  if (!text.includes("\r")) return { text, original: (offset) => offset };
  const dropped: number[] = [];
  const normal = text.replaceAll(/\r\n?/g, (newline: string, offset: number) => {
    if (newline.length === 2) dropped.push(offset - dropped.length);
    return "\n";
  });
  // `dropped` holds, in offsets of the new text, the `\n` before which a `\r` stood; only what is behind one has moved.
  return { text: normal, original: (offset) => offset + countBelow(dropped, offset) };
}

/** How many of the sorted numbers are at most `limit`. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const countBelow = (sorted: readonly number[], limit: number): number => countUpTo(sorted, limit - 1);

/** White space as Python and Go see it; theirs differ in the separators that Python counts. */
const GO_SPACE = "\t\n\v\f\r \u0085\u00A0\u1680\u2028\u2029\u202F\u205F\u3000";
const isWide = (character: string) => character >= "\u2000" && character <= "\u200A";

export const isGoSpace = (character: string): boolean =>
  character !== "" && (GO_SPACE.includes(character) || isWide(character));

export const isPythonSpace = (character: string): boolean =>
  isGoSpace(character) || (character >= "\u001C" && character <= "\u001F");

/** The offset behind the last character in `[start, end)` that is no space. */
export function trimmedEnd(
  text: string,
  start: number,
  end: number,
  isSpace: (c: string) => boolean,
): number {
  let at = end;
  while (at > start && isSpace(text.charAt(at - 1))) at--;
  return at;
}

/** The offset of the first character from `start` on, before `end`, that is no space; else `end`. */
export function skipSpace(text: string, start: number, end: number, isSpace: (c: string) => boolean): number {
  let at = start;
  while (at < end && isSpace(text.charAt(at))) at++;
  return at;
}

/** The offset of the line's end: that of its `\n`, or of the text. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  return at === -1 ? text.length : at;
}
