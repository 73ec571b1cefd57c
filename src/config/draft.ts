/** The configuration while it is put together: raw values, where each came from, what is wrong so far. */
import type { ConfigFault, ConfigSource } from "./config.ts";
import { TEXT_LIST } from "./values.ts";

export interface Draft {
  readonly root: unknown;
  /** By dotted key. */
  readonly sources: ReadonlyMap<string, ConfigSource>;
  /** Keys whose value came out of a variable by interpolation: never shown. */
  readonly hidden: ReadonlySet<string>;
  readonly faults: readonly ConfigFault[];
}

/** What there is before anything was read. */
export const emptyDraft = (): Draft => ({
  root: emptyMapping(),
  sources: new Map(),
  hidden: new Set(),
  faults: [],
});

/** A mapping with no prototype, so that no key of the user's is special. */
export function emptyMapping(): Record<string, unknown> {
  const mapping: Record<string, unknown> = {};
  Object.setPrototypeOf(mapping, null);
  return mapping;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where a key was set, as shown in messages: its own place, or that of the nearest mapping around it. */
export function placeOf(sources: ReadonlyMap<string, ConfigSource>, path: string): string {
  for (let key = path; ; key = key.slice(0, Math.max(0, key.lastIndexOf(".")))) {
    const source = sources.get(key);
    if (source?.kind === "file") return source.where;
    if (source?.kind === "variable") return source.name;
    if (key === "") return "configuration";
  }
}

/** Text of the file or of a variable, as the type its key wants; left alone when it does not fit. */
export function coerce(text: string, type: string | undefined): unknown {
  if (type === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (type === TEXT_LIST) return entriesOf(text);
  return text;
}

const entriesOf = (text: string): string[] =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
