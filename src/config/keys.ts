/** The table of all keys, read off the schema: one row each for variables, reference and messages. */
import * as v from "valibot";
import { isMapping } from "./draft.ts";
import { configSchema } from "./schema.ts";
import { type KeyMetadata, TEXT_LIST } from "./values.ts";
import { CUSTOMARY } from "./variables.ts";

/** One key that holds a value. */
export interface KeyRow extends KeyMetadata {
  /** `dependencies.postgres.assert[].query`. */
  readonly path: string;
  readonly meaning: string;
  /** The default as it would be written in the file. */
  readonly default?: string | number | boolean;
  /** The variable that sets it; keys in lists have none. */
  readonly variable?: string;
}

export interface KeyTable {
  readonly rows: readonly KeyRow[];
  /** The keys known in each mapping; `""` is the top. */
  readonly sections: ReadonlyMap<string, readonly string[]>;
  /** What can be a mapping and nothing else. */
  readonly mappings: ReadonlySet<string>;
}

/** `dependencies.postgres.warnAbove` → `GREENLIGHT_POSTGRES_WARN_ABOVE`. */
function variableName(path: string): string {
  const words = path.replace(/^dependencies\./, "").replaceAll(/[A-Z]/g, "_$&");
  return CUSTOMARY[path] ?? `GREENLIGHT_${words.replaceAll(".", "_").toUpperCase()}`;
}

/** Reads the table off the schema. */
export function readKeyTable(): KeyTable {
  const rows = new Map<string, KeyRow>();
  const sections = new Map<string, readonly string[]>();
  const named = new Set<string>();
  const lists = new Set<string>();
  const visit = (outer: v.GenericSchema, path: string) => {
    const schema = partOf(outer, "wrapped") ?? outer;
    const meaning = v.getDescription(schema);
    const item = partOf(schema, "item");
    const value = partOf(schema, "value");
    if (value) named.add(path);
    if ("entries" in schema && isMapping(schema.entries)) {
      const known = sections.get(path) ?? [];
      sections.set(path, [...new Set([...known, ...Object.keys(schema.entries)])]);
      for (const [key, entry] of Object.entries(schema.entries)) {
        if (isSchema(entry)) visit(entry, path ? `${path}.${key}` : key);
      }
    } else if (meaning) {
      if (!rows.has(path)) rows.set(path, { path, meaning, ...describe(outer, schema, path) });
    } else if (item) {
      lists.add(path);
      visit(item, `${path}[]`);
    } else if (value) {
      visit(value, `${path}.${ANY_NAME}`);
    } else if ("options" in schema && Array.isArray(schema.options)) {
      for (const shape of schema.options) if (isSchema(shape)) visit(shape, path);
    } else {
      rows.set(path, { path, meaning: "", ...describe(outer, schema, path) });
    }
  };
  visit(configSchema, "");
  const mappings = new Set([...sections.keys(), ...named].filter((path) => !lists.has(path)));
  return { rows: [...rows.values()], sections, mappings };
}

/** Stands in paths for a name that the user chose. */
const ANY_NAME = "{name}";

function describe(outer: v.GenericSchema, schema: v.GenericSchema, path: string) {
  const metadata = metadataOf(schema);
  const settable = metadata.type === TEXT_LIST || !metadata.type.startsWith("list");
  const single = !inMany(path) && settable;
  const value = "default" in outer ? outer.default : undefined;
  const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return { ...metadata, ...(plain && { default: value }), ...(single && { variable: variableName(path) }) };
}

/** Attached by `about`, and not checked again: there are hundreds, and each start of a command reads them all. */
function metadataOf(schema: v.GenericSchema): KeyMetadata {
  const given: unknown = v.getMetadata(schema);
  if (!isKeyMetadata(given)) throw new TypeError("a key of the configuration says nothing `about` itself");
  return given;
}

function isKeyMetadata(given: unknown): given is KeyMetadata {
  return isMapping(given) && typeof given.type === "string";
}

function partOf(schema: v.GenericSchema, key: "wrapped" | "item" | "value"): v.GenericSchema | undefined {
  const part: unknown = Reflect.get(schema, key);
  return isSchema(part) ? part : undefined;
}

function isSchema(value: unknown): value is v.GenericSchema {
  return isMapping(value) && value.kind === "schema";
}

/** Whether there may be several of it, so that no variable and no default can mean one. */
export function inMany(path: string): boolean {
  return path.includes("[]") || path.includes(ANY_NAME);
}

/** `suites.e2e.requires.0.table` → `suites.{name}.requires[].table`. */
export function patternOf(path: string): string {
  return path.replace(/^suites\.[^.]+/, `suites.${ANY_NAME}`).replaceAll(/\.\d+(?=\.|$)/g, "[]");
}
