/** The tree of a configuration file → plain values, with variables put in and every place remembered. */
import type { ParsedNode } from "yaml";
import type { ConfigFault, ConfigFile, ConfigSource, Environment } from "./config.ts";
import { type Draft, coerce, emptyMapping } from "./draft.ts";
import { interpolate } from "./interpolate.ts";
import { type KeyTable, patternOf } from "./keys.ts";
import { describeKey } from "./redact.ts";
import { secretFault } from "./secrets.ts";
import { interpolationFault } from "./interpolation-fault.ts";
import { nearest } from "./suggest.ts";
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
  const { isMap, isScalar, isSeq } = await import("yaml");
  const rows = new Map(table.rows.map((row) => [row.path, row]));
  let nodes = 0;

  function value(given: ParsedNode | null | undefined, path: string, depth: number): unknown {
    const node = given && source.ok ? source.resolve(given) : undefined;
    const offset = given?.range[0] ?? 0;
    const where = source.ok ? source.where(offset) : file.path;
    if (given) sources.set(path, { kind: "file", where });
    nodes += 1;
    if (depth > MAX_DEPTH || nodes > MAX_NODES) {
      if (nodes <= MAX_NODES + 1 || depth > MAX_DEPTH) faults.push(tooLarge(where));
      nodes = Math.max(nodes, MAX_NODES + 1);
      return undefined;
    }
    if (isMap(node)) return mapping(node.items as Pair[], path, depth);
    if (isSeq(node)) return node.items.map((item, i) => value(item as ParsedNode, `${path}.${i}`, depth + 1));
    if (!isScalar(node)) return null;
    const isSection = table.sections.has(patternOf(path));
    if (node.value === null || node.value === undefined) return isSection ? emptyMapping() : null;
    return typeof node.value === "string" ? text(node.value, path, where) : node.value;
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
      const where = source.ok ? source.where(key?.range[0] ?? 0) : file.path;
      const keyPath = path ? `${path}.${name}` : name;
      if (known && !known.includes(name)) faults.push(unknownKey({ name, path, where, known }));
      else if (Object.hasOwn(result, name)) faults.push(duplicateKey(name, where));
      else result[name] = value(child, keyPath, depth + 1);
      if (!child && !sources.has(keyPath)) sources.set(keyPath, { kind: "file", where });
    }
    return result;
  }

  const root = source.root === null ? emptyMapping() : value(source.root, "", 0);
  return { root, sources, hidden, faults };
}

interface Pair {
  readonly key: ParsedNode | null;
  readonly value: ParsedNode | null;
}

function tooLarge(where: string): ConfigFault {
  const expected = `at most ${MAX_NODES} values, nested at most ${MAX_DEPTH} deep`;
  return { code: "CONFIG_SYNTAX", where, expected, found: "more than that" };
}

function duplicateKey(name: string, where: string): ConfigFault {
  const expected = "each key once in a mapping";
  return { code: "CONFIG_DUPLICATE_KEY", where, expected, found: `${describeKey(name)} again` };
}

function unknownKey(at: {
  name: string;
  path: string;
  where: string;
  known: readonly string[];
}): ConfigFault {
  const close = nearest(at.name, at.known);
  const shown = describeKey(at.name);
  const path = shown === `\`${at.name}\`` ? [at.path, at.name].filter(Boolean).join(".") : at.path;
  const list = at.known.map((key) => `\`${key}\``).join(", ");
  return {
    code: "CONFIG_UNKNOWN_KEY",
    where: at.where,
    ...(path && { path }),
    expected: at.path === "dependencies" ? `a known dependency: ${list}` : `one of ${list}`,
    found: shown,
    ...(close && { suggestion: `did you mean \`${close}\`?` }),
  };
}
