/** Values with their references replaced. */
import { composeReferences, isBadReference } from "./compose-references.ts";
import type { Dialect } from "./dialect.ts";
import type { EnvEntry, EnvFault, EnvReference } from "./env-file.ts";

/** The value of a variable; absent when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** Each level is written by a person; more than these are written to break something. */
const DEEPEST = 32;

export type Resolved =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly fault: Pick<EnvFault, "code" | "expected" | "found"> };

/** The value of an entry as its program gets to see it; for one without a value, that of `lookup`, if there is one. */
export function resolveValue(entry: EnvEntry, lookup: Lookup): Resolved | undefined {
  if (entry.parts) return join(entry.parts, lookup, 0);
  return entry.value === undefined ? undefined : { ok: true, value: entry.value };
}

function join(parts: readonly (string | EnvReference)[], lookup: Lookup, depth: number): Resolved {
  const pieces: string[] = [];
  for (const part of parts) {
    const read: Resolved =
      typeof part === "string" ? { ok: true, value: part } : replace(part, lookup, depth);
    if (!read.ok) return read;
    pieces.push(read.value);
  }
  return { ok: true, value: pieces.join("") };
}

function replace(reference: EnvReference, lookup: Lookup, depth: number): Resolved {
  const { name, operator, plain = false } = reference;
  const value = lookup(name);
  const fallback = (): Resolved => {
    const text = reference.fallback ?? "";
    return plain ? { ok: true, value: text } : expand(text, lookup, depth);
  };
  const counts = value !== undefined && (value !== "" || operator?.startsWith(":") !== true);
  switch (operator) {
    case undefined:
      return { ok: true, value: value ?? "" };
    case ":+":
    case "+":
      return counts ? fallback() : { ok: true, value: value ?? "" };
    case ":?":
    case "?":
      return counts ? { ok: true, value } : { ok: false, fault: missing(name, value) };
    default:
      return counts ? { ok: true, value } : fallback();
  }
}

/** The fallback of a reference of Compose is a text with references again. */
function expand(text: string, lookup: Lookup, depth: number): Resolved {
  if (!text.includes("$")) return { ok: true, value: text };
  const parts = composeReferences(text);
  if (isBadReference(parts) || depth === DEEPEST) {
    const found = isBadReference(parts) ? parts.bad : "a deeper one";
    const expected = `references that can be read in a fallback, at most ${DEEPEST} within each other`;
    return { ok: false, fault: { code: "ENV_BAD_REFERENCE", expected, found } };
  }
  return join(parts, lookup, depth + 1);
}

function missing(name: string, value: string | undefined) {
  return {
    code: "ENV_BAD_REFERENCE",
    expected: `${name} to be set, since the value requires it`,
    found: value === undefined ? "it is not set" : "it is empty",
  } as const;
}

/** One entry and what comes out of it. */
export interface ResolvedEntry {
  readonly entry: EnvEntry;
  /** Absent: it sets nothing, or cannot be resolved. */
  readonly value?: string;
  readonly fault?: EnvFault;
}

export interface ResolveInput {
  readonly dialect: Dialect;
  readonly entries: readonly EnvEntry[];
  /** The variables of the process, which win over what the file sets. */
  readonly outside: Lookup;
  /** What lower layers have set, for names that neither the process nor the file sets. */
  readonly beneath?: Lookup;
}

/** Every entry in the order of the file; a reference sees the process, then what stands above it, then lower layers. */
export function resolveEntries({ dialect, entries, outside, beneath }: ResolveInput): ResolvedEntry[] {
  const above = new Map<string, string>();
  const lookup: Lookup = (name) => outside(name) ?? above.get(name) ?? beneath?.(name);
  return entries.map((entry) => {
    const { key, line, column } = entry;
    const resolved = resolveValue(entry, lookup);
    if (resolved === undefined) {
      const handedOn = dialect === "python-dotenv" ? "" : outside(key);
      if (handedOn !== undefined) above.set(key, handedOn);
      return { entry };
    }
    if (!resolved.ok) {
      const fault = { ...resolved.fault, line, column, effect: "file-refused" } as const;
      return { entry, fault };
    }
    above.set(key, resolved.value);
    return { entry, value: resolved.value };
  });
}
