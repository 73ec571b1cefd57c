import type { Misread } from "./misread.ts";
import type { Item, ItemState } from "./reading.ts";
import type { Tree } from "./tree.ts";

/** What a reader of one kind of file makes of it. */
export type Items = { readonly ok: true; readonly items: readonly Item[] } | Misread;

/** A setting: as it stands in the file, or brought into one form; undefined when it is not set. */
export type Shape = Tree | string | undefined;

export const unknownShape = (expected: string): Misread => ({
  ok: false,
  expected,
  found: "nothing of that shape",
});

export const value = (text: string): ItemState => ({ kind: "value", text });
