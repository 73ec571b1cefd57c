import type { MarkerFacts, MarkerRead, MarkerUse } from "./facts.ts";

/** Something said of a marker, and the file that says it. */
export type In<T> = T & { readonly file: string };

export interface NamesInPython {
  readonly used: ReadonlyMap<string, readonly In<MarkerUse>[]>;
  readonly read: ReadonlyMap<string, readonly In<MarkerRead>[]>;
}

/** Uses and reads by name, files in order of their paths, places in order of the text. */
export function namesInPython(byPath: ReadonlyMap<string, MarkerFacts>): NamesInPython {
  const used = new Map<string, In<MarkerUse>[]>();
  const read = new Map<string, In<MarkerRead>[]>();
  const files = [...byPath].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [file, facts] of files) {
    for (const one of facts.uses.toSorted(bySpan))
      add(used, one.name, { file, name: one.name, span: one.span, ...(one.late ? { late: one.late } : {}) });
    for (const one of facts.reads.toSorted(bySpan))
      add(read, one.name, { file, name: one.name, span: one.span });
  }
  return { used, read };
}

const bySpan = (a: MarkerRead, b: MarkerRead): number => a.span.start - b.span.start;

function add<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name);
  if (list) list.push(value);
  else lists.set(name, [value]);
}

/** `tests/test_a.py:3, tests/test_b.py:9 and 4 more`. */
export function placesOf(
  places: readonly { readonly file: string; readonly span: { readonly line: number } }[],
): string {
  const shown = places.slice(0, 5).map(({ file, span }) => `${file}:${span.line}`);
  const rest = places.length - shown.length;
  return rest === 0 ? shown.join(", ") : `${shown.join(", ")} and ${rest} more`;
}
