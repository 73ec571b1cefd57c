/** Values with their references replaced. */
import { composeReferences, isBadReference } from "./compose-references.ts";
import type { Dialect } from "./dialect.ts";
import type { EnvEntry, EnvFault, EnvReference } from "./env-file.ts";

/** The value of a variable; absent when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** Each level is written by a person; more than these are written to break something. */
const DEEPEST = 32;
/** The most that references of one file may put into its values: a few lines that double each other would fill any memory. */
const MOST = 16 * 1_048_576;

/** How many characters references may still put in. */
interface Budget {
  left: number;
}

interface Replacing {
  readonly lookup: Lookup;
  readonly budget: Budget;
  readonly depth: number;
}

export type Resolved =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly fault: Pick<EnvFault, "code" | "expected" | "found"> };

/** The value of an entry as its program gets to see it; nothing for one without a value. */
export function resolveValue(
  entry: EnvEntry,
  lookup: Lookup,
  budget: Budget = { left: MOST },
): Resolved | undefined {
  if (entry.parts) return join(entry.parts, { lookup, budget, depth: 0 });
  return entry.value === undefined ? undefined : { ok: true, value: entry.value };
}

function join(parts: readonly (string | EnvReference)[], replacing: Replacing): Resolved {
  const pieces: string[] = [];
  for (const part of parts) {
    const read: Resolved = typeof part === "string" ? { ok: true, value: part } : replace(part, replacing);
    if (!read.ok) return read;
    if (typeof part !== "string") replacing.budget.left -= read.value.length;
    if (replacing.budget.left < 0) return { ok: false, fault: TOO_LONG };
    pieces.push(read.value);
  }
  return { ok: true, value: pieces.join("") };
}

function replace(reference: EnvReference, replacing: Replacing): Resolved {
  const { name, operator, plain = false } = reference;
  const value = replacing.lookup(name);
  const fallback = (): Resolved => {
    const text = reference.fallback ?? "";
    return plain ? { ok: true, value: text } : expand(text, replacing);
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
function expand(text: string, replacing: Replacing): Resolved {
  if (!text.includes("$")) return { ok: true, value: text };
  const parts = composeReferences(text);
  if (isBadReference(parts) || replacing.depth === DEEPEST) {
    const found = isBadReference(parts) ? parts.bad : "a deeper one";
    const expected = `references that can be read in a fallback, at most ${DEEPEST} within each other`;
    return { ok: false, fault: { code: "ENV_BAD_REFERENCE", expected, found } };
  }
  return join(parts, { ...replacing, depth: replacing.depth + 1 });
}

const TOO_LONG = {
  code: "ENV_BAD_REFERENCE",
  expected: `references that put at most ${MOST} characters into the values of a file`,
  found: "more",
} as const;

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
  const budget = { left: MOST };
  const lookup: Lookup = (name) => outside(name) ?? above.get(name) ?? beneath?.(name);
  return entries.map((entry) => {
    const { key, line, column } = entry;
    const resolved = resolveValue(entry, lookup, budget);
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
