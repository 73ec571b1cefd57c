import type { Edit } from "../python/source-file.ts";

/**
 * The text from `from` to `to` with the edits made.
 *
 * @param edits between the two, in order, none overlapping
 */
export function applyEdits(
  text: string,
  edits: readonly Edit[],
  { from, to }: { readonly from: number; readonly to: number } = { from: 0, to: text.length },
): string {
  let result = "";
  let read = from;
  for (const { start, end, text: replacement } of edits) {
    result += text.slice(read, start) + replacement;
    read = end;
  }
  return result + text.slice(read, to);
}
