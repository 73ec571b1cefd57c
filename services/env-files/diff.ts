/** Two sets of variables, key by key. */
import { DIALECTS, type Dialect } from "./dialect.ts";
import { type FileReading, type Reading, readAs, readingOf, sameReading } from "./readings.ts";
import type { Lookup } from "./resolve.ts";

/** One side: a file in a dialect, or the variables of the process. */
export type DiffSide =
  | { readonly kind: "file"; readonly text: string; readonly dialect: Dialect }
  | { readonly kind: "process"; readonly names: readonly string[] };

export interface KeyDifference {
  readonly key: string;
  /** What is said of the key: it is on one side only, has another value, or only other dialects tell the two apart. */
  readonly kind: "added" | "removed" | "changed" | "read-differently";
  readonly a: Reading;
  readonly b: Reading;
  /** For `read-differently`: those to which the two are not the same. */
  readonly dialects: readonly Dialect[];
}

export interface Difference {
  /** Sorted by key. */
  readonly keys: readonly KeyDifference[];
  /** How many keys both have with the same value, in every dialect. */
  readonly same: number;
  /** Variables of the process that the file does not have; they are not compared. */
  readonly others: number;
}

export interface DiffInput {
  readonly a: DiffSide;
  readonly b: DiffSide;
  readonly variable: Lookup;
}

interface Side {
  readonly names: readonly string[];
  readonly read: (key: string, dialect?: Dialect) => Reading;
}

/** From `a` to `b`. With the process on one side, only the keys of the other are compared. */
export function diffSides({ a, b, variable }: DiffInput): Difference {
  const left = sideOf(a, variable);
  const right = sideOf(b, variable);
  const wanted =
    a.kind === "process" ? right.names : b.kind === "process" ? left.names : [...left.names, ...right.names];
  const keys: KeyDifference[] = [];
  const names = [...new Set(wanted)].sort();
  for (const key of names) {
    const found = compare(key, left, right);
    if (found) keys.push(found);
  }
  const all = new Set([...left.names, ...right.names]).size;
  return { keys, same: names.length - keys.length, others: all - names.length };
}

function compare(key: string, left: Side, right: Side): KeyDifference | undefined {
  const a = left.read(key);
  const b = right.read(key);
  if (!sameReading(a, b)) {
    const kind = a.kind === "absent" ? "added" : b.kind === "absent" ? "removed" : "changed";
    return { key, kind, a, b, dialects: [] };
  }
  const dialects = DIALECTS.filter((dialect) => {
    const other = { a: left.read(key, dialect), b: right.read(key, dialect) };
    // A dialect that refuses a file as a whole says nothing of this key.
    if (other.a.kind === "refused" || other.b.kind === "refused") return false;
    return !sameReading(other.a, other.b);
  });
  return dialects.length === 0 ? undefined : { key, kind: "read-differently", a, b, dialects };
}

function sideOf(side: DiffSide, variable: Lookup): Side {
  if (side.kind === "process") {
    const read = (key: string): Reading => {
      const value = variable(key);
      return value === undefined ? { kind: "absent" } : { kind: "value", value, line: 0 };
    };
    return { names: side.names, read };
  }
  const readings = new Map<Dialect, FileReading>();
  const as = (dialect: Dialect) => {
    const known = readings.get(dialect) ?? readAs(dialect, { text: side.text, variable });
    readings.set(dialect, known);
    return known;
  };
  return {
    names: [...as(side.dialect).keys.keys()],
    read: (key, dialect = side.dialect) => readingOf(as(dialect), key),
  };
}
