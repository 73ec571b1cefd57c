/** remediation: plans from and to files, and what a run needs, put together from the configuration. */
import type { Node, Pair } from "yaml";
import { findJsonFault } from "../../services/drift/json-fault.ts";

export interface Position {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface SourceFault extends Position {
  readonly expected: string;
  readonly found: string;
}

export interface PlanSource {
  /** Undefined when nothing could be read. */
  readonly value: unknown;
  /** All of syntax; keys that stand there twice. */
  readonly faults: readonly SourceFault[];
  /** Of the value at a path; of the key before it with `key`. Where nothing is there: of what would be around it. */
  readonly locate: (path: string, which?: "key" | "value") => Position;
}

export const MOST_CHARACTERS = 500_000;
/** With aliases followed: a text that is written to be large in memory ends here. */
const MOST_NODES = 20_000;
const DEEPEST = 32;
const MOST_FAULTS = 50;
const START: Position = { line: 1, column: 1 };

class TooLarge extends Error {}

/** YAML or JSON text → plain values and their places. Nothing of the text is quoted. Never rejects. */
export async function readPlanSource(text: string): Promise<PlanSource> {
  const excess = excessIn(text);
  if (excess !== undefined) return nothing([{ ...START, ...excess }]);
  const json = /^\s*\{/.test(text) ? jsonFaults(text) : [];
  if (json.length > 0) return nothing(json);
  const { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const values = new Map<string, Position>();
  const keys = new Map<string, Position>();
  const faults: SourceFault[] = [];
  const anchors = new Map<string, Node>();
  let nodes = 0;
  let following = 0;

  function convert(node: Node | null | undefined, path: string, depth: number): unknown {
    const place = at(node?.range?.[0] ?? 0);
    if (following === 0 && node !== null && node !== undefined) values.set(path, place);
    nodes += 1;
    if (nodes > MOST_NODES || depth > DEEPEST) throw new TooLarge();
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) {
        faults.push({
          ...place,
          expected: "an alias whose anchor comes before it",
          found: "one without an anchor",
        });
        return null;
      }
      following += 1;
      const value = convert(target, path, depth + 1);
      following -= 1;
      return value;
    }
    if (node?.anchor !== undefined && following === 0) anchors.set(node.anchor, node);
    if (isSeq(node))
      return node.items.map((each, index) => convert(each as Node, join(path, index), depth + 1));
    if (isMap(node)) return mapping(node.items as Pair<Node, Node | null>[], path, depth);
    return isScalar(node) ? node.value : null;
  }

  function mapping(items: readonly Pair<Node, Node | null>[], path: string, depth: number): object {
    const result = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of items) {
      const name = isScalar(key) ? String(key.value) : "";
      const place = at(key.range?.[0] ?? 0);
      const inner = join(path, name);
      if (following === 0) keys.set(inner, place);
      if (!isScalar(key) || name === "__proto__")
        faults.push({ ...place, expected: "a key that is a name", found: "something else" });
      else if (Object.hasOwn(result, name))
        faults.push({ ...place, expected: `\`${nameOf(name)}\` once`, found: "the same key again" });
      else result[name] = convert(value, inner, depth + 1);
    }
    return result;
  }

  try {
    // The parser would compare each key with all others of its mapping.
    const options = {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: "error",
      uniqueKeys: false,
    } as const;
    const document = parseDocument(text, options);
    if (document.errors.length > 0) return nothing(syntaxFaults(document.errors, at));
    const value = convert(document.contents, "", 0);
    return { value, faults: faults.slice(0, MOST_FAULTS), locate: locator(values, keys) };
  } catch (error) {
    const large = error instanceof TooLarge || error instanceof RangeError;
    const expected = large
      ? `at most ${MOST_NODES} values, nested at most ${DEEPEST} deep, its aliases followed`
      : "YAML or JSON";
    return nothing([
      { ...START, expected, found: large ? "more than that" : "text that the parser fails on" },
    ]);
  }
}

const nothing = (faults: readonly SourceFault[]): PlanSource => ({
  value: undefined,
  faults,
  locate: () => START,
});

const join = (path: string, key: string | number): string => (path === "" ? String(key) : `${path}.${key}`);

/** A key is quoted in messages only when it looks like one. */
const nameOf = (key: string): string => (/^[\w$./-]{1,40}$/.test(key) ? key : "…");

type Places = ReadonlyMap<string, Position>;

function locator(values: Places, keys: Places): PlanSource["locate"] {
  return (path, which = "value") => {
    const own = (which === "key" ? keys.get(path) : undefined) ?? values.get(path) ?? keys.get(path);
    if (own !== undefined) return own;
    for (let outer = path; outer.includes(".");) {
      outer = outer.slice(0, outer.lastIndexOf("."));
      const around = values.get(outer) ?? keys.get(outer);
      if (around !== undefined) return around;
    }
    return values.get("") ?? START;
  };
}

/** One mistake makes the parser stumble on over the rest of its line. */
function syntaxFaults(
  errors: readonly { readonly code: string; readonly pos: readonly [number, number] }[],
  at: (offset: number) => Position,
): readonly SourceFault[] {
  const byLine = new Map<number, SourceFault>();
  for (const { code, pos } of errors) {
    const place = at(pos[0]);
    const fault = { ...place, expected: "YAML or JSON that parses", found: `a syntax error (${code})` };
    if (!byLine.has(place.line) && byLine.size < MOST_FAULTS) byLine.set(place.line, fault);
  }
  return [...byLine.values()];
}

/** Of a text that begins as JSON does; flow mappings of YAML begin so too and are let through. */
function jsonFaults(text: string): readonly SourceFault[] {
  const fault = /^\s*\{\s*"/.test(text) ? findJsonFault(text) : undefined;
  return fault === undefined ? [] : [fault];
}

/** What is refused before it is parsed. */
function excessIn(text: string): Pick<SourceFault, "expected" | "found"> | undefined {
  const { length } = text;
  if (length > MOST_CHARACTERS)
    return { expected: `at most ${MOST_CHARACTERS} characters`, found: `${length} characters` };
  if (text.includes("\0")) return { expected: "text", found: "NUL characters" };
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === "[" || bracket === "{" ? open + 1 : Math.max(0, open - 1);
    if (open > 1000) return { expected: `at most ${DEEPEST} levels`, found: "more than that" };
  }
  return undefined;
}
