/** One key of one text, as each dialect reads it. */
import { DIALECTS, type Dialect } from "./dialect.ts";
import type { EnvFault } from "./env-file.ts";
import { parseEnv } from "./parse.ts";
import { type Lookup, resolveEntries } from "./resolve.ts";

export type Reading =
  | { readonly kind: "value"; readonly value: string; readonly line: number }
  /** The key stands alone: the variable of the process is handed on. */
  | { readonly kind: "alone"; readonly line: number }
  | { readonly kind: "absent" }
  /** The dialect refuses the whole file, for this reason first of all. */
  | { readonly kind: "refused"; readonly fault: EnvFault };

/** What a dialect reads in a whole file. */
export interface FileReading {
  readonly dialect: Dialect;
  readonly refused?: EnvFault;
  /** The last setting of each key. */
  readonly keys: ReadonlyMap<string, Extract<Reading, { kind: "value" | "alone" }>>;
}

export interface ReadingInput {
  readonly text: string;
  /** The variables of the process, for references. */
  readonly variable: Lookup;
  /** What lower layers have set, for references too. */
  readonly beneath?: Lookup;
}

export function readAs(dialect: Dialect, { text, variable, beneath }: ReadingInput): FileReading {
  const { entries, faults } = parseEnv(text, dialect);
  const resolved = resolveEntries({ dialect, entries, outside: variable, ...(beneath && { beneath }) });
  const all = [...faults, ...resolved.flatMap(({ fault }) => fault ?? [])];
  const refused = all.find(({ effect }) => effect === "file-refused");
  const keys = new Map<string, Extract<Reading, { kind: "value" | "alone" }>>();
  for (const { entry, value } of resolved) {
    const { key, line } = entry;
    if (value !== undefined) keys.set(key, { kind: "value", value, line });
    // A key alone does not take back what stands above it, but in python-dotenv, where it becomes none.
    else if (!keys.has(key) || dialect === "python-dotenv") keys.set(key, { kind: "alone", line });
  }
  return { dialect, ...(refused && { refused }), keys };
}

export function readingOf({ refused, keys }: FileReading, key: string): Reading {
  if (refused) return { kind: "refused", fault: refused };
  return keys.get(key) ?? { kind: "absent" };
}

/** How every dialect reads a key. */
export function readInAll(input: ReadingInput, key: string): { dialect: Dialect; reading: Reading }[] {
  return DIALECTS.map((dialect) => ({ dialect, reading: readingOf(readAs(dialect, input), key) }));
}

/** Whether two readings give a program the same; that one refuses for another reason makes no difference. */
export function sameReading(a: Reading, b: Reading): boolean {
  if (a.kind === "value" && b.kind === "value") return a.value === b.value;
  return a.kind === b.kind;
}
