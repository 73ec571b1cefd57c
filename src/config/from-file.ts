/** The tree of a configuration file → plain values, with variables put in and every place remembered. */
import type { ConfigFault, ConfigFile, ConfigSource, Environment } from "./config.ts";
import { type Draft, coerce, emptyMapping } from "./draft.ts";
import { interpolate, literalPart } from "./interpolate.ts";
import { type KeyTable, patternOf } from "./keys.ts";
import { describeKey } from "./redact.ts";
import { credentialFault, secretFault } from "./secrets.ts";
import { interpolationFault } from "./interpolation-fault.ts";
import { nearest } from "./suggest.ts";
import { MAPPING } from "./values.ts";
import { parseYaml } from "./yaml-source.ts";

const MAX_DEPTH = 16;
const MAX_NODES = 10_000;

export interface FileInput {
  readonly file: ConfigFile;
  readonly env: Environment;
  readonly table: KeyTable;
  /** Keys that a variable sets: what the file says of them is not read. */
  readonly overridden: ReadonlySet<string>;
}

/** Reads the file into a draft. */
export async function draftFromFile({ file, env, table, overridden }: FileInput): Promise<Draft> {
  const sources = new Map<string, ConfigSource>();
  const hidden = new Set<string>();
  const faults: ConfigFault[] = [];
  const source = await parseYaml(file);
  if (!source.ok) return { root: emptyMapping(), sources, hidden, faults: source.faults };
  const { isMap, isNode, isScalar, isSeq } = await import("yaml");
  const { resolve, where: locate } = source;
  const rows = new Map(table.rows.map((row) => [row.path, row]));
  let nodes = 0;

  function value(given: unknown, path: string, depth: number): unknown {
    if (!isNode(given) || nodes > MAX_NODES) return null;
    const where = locate(given.range?.[0] ?? 0);
    sources.set(path, { kind: "file", where });
    nodes += depth > MAX_DEPTH ? MAX_NODES : 1;
    if (nodes > MAX_NODES) faults.push(tooLarge(where));
    const node = resolve(given);
    if (isMap(node)) return mapping(node.items, path, depth);
    if (isSeq(node) && table.mappings.has(patternOf(path))) {
      faults.push(notMapping(path, where));
      return emptyMapping();
    }
    if (isSeq(node)) return node.items.map((item, index) => value(item, `${path}.${index}`, depth + 1));
    const scalar = isScalar(node) ? node.value : null;
    const literal = typeof scalar === "string" ? literalPart(scalar).trim() !== "" : scalar !== null;
    if (literal && rows.get(patternOf(path))?.credential) {
      faults.push(credentialFault({ where, path }));
      return undefined;
    }
    if (scalar === null && table.sections.has(patternOf(path))) return emptyMapping();
    return typeof scalar === "string" ? text(scalar, path, where) : scalar;
  }

  function text(raw: string, path: string, where: string): unknown {
    const secret = secretFault(raw, { where, path });
    if (secret) faults.push(secret);
    if (overridden.has(path) || !raw.includes("${")) return raw;
    const result = interpolate(raw, env);
    for (const problem of result.problems) faults.push(interpolationFault(problem, { where, path }));
    if (result.problems.length > 0) return undefined;
    if (result.names.length > 0) hidden.add(path);
    return coerce(result.text, rows.get(patternOf(path))?.type);
  }

  function mapping(items: readonly Pair[], path: string, depth: number): Record<string, unknown> {
    const result = emptyMapping();
    const known = table.sections.get(patternOf(path));
    for (const { key, value: child } of items) {
      const name = isScalar(key) ? String(key.value) : "";
      const where = locate(isNode(key) ? (key.range?.[0] ?? 0) : 0);
      const keyPath = path ? `${path}.${name}` : name;
      if (known && !known.includes(name)) faults.push(unknownKey({ name, path, where, known }));
      else if (Object.hasOwn(result, name)) faults.push(duplicateKey({ name, path: keyPath, where }));
      else {
        sources.set(keyPath, { kind: "file", where });
        result[name] = value(child, keyPath, depth + 1);
      }
    }
    return result;
  }

  const root = value(source.root, "", 0) ?? emptyMapping();
  return { root, sources, hidden, faults };
}

interface Pair {
  readonly key: unknown;
  readonly value: unknown;
}

function tooLarge(where: string): ConfigFault {
  const expected = `at most ${MAX_NODES} values, nested at most ${MAX_DEPTH} deep`;
  return { code: "CONFIG_SYNTAX", where, expected, found: "more than that" };
}

function notMapping(path: string, where: string): ConfigFault {
  const at = { where, ...(path && { path }) };
  return { code: "CONFIG_INVALID_VALUE", ...at, expected: MAPPING, found: "a list" };
}

interface KeyPlace {
  readonly name: string;
  readonly path: string;
  readonly where: string;
}

function duplicateKey({ name, path, where }: KeyPlace): ConfigFault {
  const shown = describeKey(name);
  return {
    code: "CONFIG_DUPLICATE_KEY",
    where,
    ...(isShown(name) && { path }),
    expected: "each key once in a mapping",
    found: `${shown} again`,
  };
}

function isShown(name: string): boolean {
  return describeKey(name) === `\`${name}\``;
}

function unknownKey(at: {
  name: string;
  path: string;
  where: string;
  known: readonly string[];
}): ConfigFault {
  const close = nearest(at.name, at.known);
  const path = isShown(at.name) ? [at.path, at.name].filter(Boolean).join(".") : at.path;
  const list = at.known.map((key) => `\`${key}\``).join(", ");
  return {
    code: "CONFIG_UNKNOWN_KEY",
    where: at.where,
    ...(path && { path }),
    expected: at.path === "dependencies" ? `a known dependency: ${list}` : `one of ${list}`,
    found: describeKey(at.name),
    ...(close && { suggestion: `did you mean \`${close}\`?` }),
  };
}
