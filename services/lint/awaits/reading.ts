import type { TreeCursor } from "web-tree-sitter";
import type { PythonFile } from "../python/source-file.ts";
import type { DefinitionKind, StrayFacts } from "./facts.ts";
import { createScope, type Scope } from "./scopes.ts";
import { REPLACING } from "./text.ts";

/** What is called: `a.b.c`, or `method` of what calling `made` gives. */
export interface Callee {
  readonly parts: readonly string[];
  readonly method?: string;
}

export interface UseDraft {
  readonly kind: "await" | "call";
  readonly callee: Callee;
  readonly scope: Scope;
  readonly start: number;
  readonly line: number;
  readonly column: number;
  readonly operand?: number;
  readonly wrapped?: readonly [start: number, end: number];
  readonly inAsync: boolean;
  readonly assigned?: string;
}

export interface DefinitionDraft {
  readonly scope: Scope;
  readonly kind: DefinitionKind;
  readonly line: number;
  readonly isOverload: boolean;
}

export interface ClassDraft {
  readonly name: string;
  readonly scope: Scope;
  /** Where its bases are looked up. */
  readonly owner: Scope;
  /** Dotted names; undefined for anything else. */
  readonly bases: readonly (readonly string[] | undefined)[];
  readonly opaque: boolean;
  readonly odd: boolean;
}

/** One walk over one file: where it is, and what it has met. */
export interface Reading {
  readonly file: PythonFile;
  readonly cursor: TreeCursor;
  readonly module: Scope;
  readonly awaits: Positions;
  readonly yields: Positions;
  readonly hasWalrus: boolean;
  /** Something in the file may replace functions of others. */
  readonly replaces: boolean;
  readonly asksWhetherAwaitable: boolean;
  /** An annotated parameter may be handed something else. */
  readonly hasMocks: boolean;
  readonly defs: DefinitionDraft[];
  readonly classes: ClassDraft[];
  readonly strays: (Omit<StrayFacts, "scope"> & { readonly scope: Scope })[];
  readonly stars: string[];
  readonly replaced: Set<string>;
  readonly fields: Set<string>;
  uses: UseDraft[];
  /** Somebody counts on what goes wrong here, or asks first what can be awaited: nothing is told. */
  quiet: boolean;
  /** Every string of the file is among `replaced`. */
  countsEveryString: boolean;
  /** How many `if`, `for`, `try`… of the function, class or module are around. */
  branches: number;
  all?: readonly string[] | null;
  dynamic?: "classes" | "all";
}

/** Places of a word, taken in the order of the file. */
export interface Positions {
  /** Those from `start` to `end` that were not taken yet; what lies before `start` is left out for good. */
  readonly take: (start: number, end: number) => readonly number[];
}

const NONE: readonly number[] = [];

export function createPositions(text: string, word: RegExp): Positions {
  const found = [...text.matchAll(word)].map(({ index }) => index);
  let next = 0;
  return {
    take(start, end) {
      while (next < found.length && (found[next] ?? 0) < start) next += 1;
      const first = next;
      while (next < found.length && (found[next] ?? 0) < end) next += 1;
      return first === next ? NONE : found.slice(first, next);
    },
  };
}

const CHANGES_ALL = /\bglobals\(|\bexec\(|\bvars\(|\blocals\(\)\s*(?:\[|\.update)|modules\[\s*__name__/;
const CHANGES_CLASSES = /__dict__|__class__\s*=[^=]/;
const ASKS = /iscoroutine|isawaitable|__await__/;

export function createReading(file: PythonFile): Reading {
  const { text } = file;
  const dynamic = CHANGES_ALL.test(text) ? "all" : CHANGES_CLASSES.test(text) ? "classes" : undefined;
  return {
    file,
    cursor: file.tree.walk(),
    module: createScope({ kind: "module" }),
    awaits: createPositions(text, /\bawait\b/g),
    yields: createPositions(text, /\byield\b/g),
    hasWalrus: text.includes(":="),
    replaces: REPLACING.test(text),
    asksWhetherAwaitable: ASKS.test(text),
    hasMocks: /mock/i.test(text),
    defs: [],
    classes: [],
    strays: [],
    stars: [],
    replaced: new Set(),
    fields: new Set(),
    uses: [],
    quiet: false,
    branches: 0,
    countsEveryString: false,
    ...(dynamic === undefined ? {} : { dynamic }),
  };
}

/** Reads a part of the file in which nothing is told when `quiet`. */
export function withQuiet(reading: Reading, quiet: boolean, read: () => void): void {
  const before = reading.quiet;
  reading.quiet = before || quiet;
  read();
  reading.quiet = before;
}
