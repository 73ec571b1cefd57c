/** YAML text → the documents in it. The parser is loaded when it is needed. */
import type { Node, Pair } from "yaml";
import type { Misread } from "../../services/drift/misread.ts";
import type { Tree } from "../../services/drift/tree.ts";

export type ReadYaml = { readonly ok: true; readonly documents: readonly Tree[] } | Misread;

/** With aliases followed: a file that is written to be large in memory ends here. */
const MOST_NODES = 100_000;
const DEEPEST = 64;

/** The parser takes seconds for more, and the service does nothing else meanwhile. A ConfigMap holds as much at most. */
const MOST_CHARACTERS = 1_100_000;

const MOST_DOCUMENTS = 2000;
const MOST_OPEN = 1000;

class TooLarge extends Error {}

class Mistake extends Error {
  readonly expected: string;
  readonly found: string;
  constructor(expected: string, found: string) {
    super(found);
    this.expected = expected;
    this.found = found;
  }
}

/** Every scalar stays as it is written; aliases and merge keys (`<<`) are followed. A fault quotes nothing of the text. */
export async function readYaml(text: string): Promise<ReadYaml> {
  const { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments } = await import("yaml");
  const lineCounter = new LineCounter();
  const faultAt = (offset: number, expected: string, found: string): ReadYaml => {
    const { line, col } = lineCounter.linePos(offset);
    return { ok: false, line: Math.max(1, line), column: Math.max(1, col), expected, found };
  };
  let at = 0;
  let nodes = 0;
  const excess = excessIn(text);
  if (excess !== undefined) return { ok: false, line: 1, column: 1, ...excess };
  try {
    // The parser would compare each key with all others of its mapping.
    const options = { lineCounter, prettyErrors: false, logLevel: "error", uniqueKeys: false } as const;
    const documents = parseAllDocuments(text, options);
    if (!Array.isArray(documents)) return { ok: true, documents: [] };
    for (const { errors } of documents) {
      const [error] = errors;
      if (error === undefined) continue;
      return faultAt(error.pos[0], "YAML that parses", `a YAML syntax error (${error.code})`);
    }
    const trees = documents.flatMap((document): Tree[] => {
      const anchors = new Map<string, Node>();
      let following = 0;
      const convert = (given: Node | null | undefined, depth: number): Tree => {
        at = given?.range?.[0] ?? at;
        nodes += 1;
        if (nodes > MOST_NODES || depth > DEEPEST) throw new TooLarge();
        const line = { line: Math.max(1, lineCounter.linePos(at).line) };
        if (isAlias(given)) {
          // The parser itself would walk through the whole document for each.
          const target = anchors.get(given.source);
          if (target === undefined)
            throw new Mistake("an alias whose anchor comes before it", "one without an anchor");
          following += 1;
          const tree = convert(target, depth + 1);
          following -= 1;
          return tree;
        }
        // What an alias leads to was seen before; what it holds must not hide anchors that came later.
        if (given?.anchor !== undefined && following === 0) anchors.set(given.anchor, given);
        if (isSeq(given))
          return {
            kind: "list",
            items: given.items.map((each) => convert(each as Node, depth + 1)),
            ...line,
          };
        if (isMap(given)) {
          const entries = new Map<string, Tree>();
          const own = new Set<string>();
          for (const pair of given.items as Pair<Node, Node | null>[]) add(entries, own, pair, depth + 1);
          return { kind: "map", entries, ...line };
        }
        return { kind: "scalar", text: isScalar(given) ? textOfScalar(given) : undefined, ...line };
      };
      const add = (
        entries: Map<string, Tree>,
        own: Set<string>,
        { key, value }: Pair<Node, Node | null>,
        depth: number,
      ): void => {
        const name = isScalar(key) ? (textOfScalar(key) ?? "") : "";
        const child = convert(value, depth);
        if (name !== "<<" || !isScalar(key) || key.type !== "PLAIN") {
          if (own.has(name)) {
            at = key.range?.[0] ?? at;
            throw new Mistake("each key once", "a key that is there before");
          }
          own.add(name);
          return void entries.set(name, child);
        }
        // What is merged in gives way to what the mapping says itself, before it or after it.
        for (const each of child.kind === "list" ? child.items : [child])
          for (const [merged, tree] of each.kind === "map" ? each.entries : [])
            if (!entries.has(merged)) entries.set(merged, tree);
      };
      return document.contents === null ? [] : [convert(document.contents, 0)];
    });
    return { ok: true, documents: trees };
  } catch (error) {
    if (error instanceof Mistake) return faultAt(at, error.expected, error.found);
    const limit = `at most ${MOST_NODES} values, nested at most ${DEEPEST} deep, its aliases followed`;
    if (error instanceof TooLarge || error instanceof RangeError) return faultAt(at, limit, "more than that");
    return faultAt(at, "YAML that parses", "text that the parser fails on");
  }
}

/** What the parser would take long over. Brackets in texts are counted too, since nobody has opened a thousand of those either. */
function excessIn(text: string): { readonly expected: string; readonly found: string } | undefined {
  const { length } = text;
  if (length > MOST_CHARACTERS)
    return { expected: `at most ${MOST_CHARACTERS} characters of YAML`, found: `${length} characters` };
  const documents = text.match(/^---/gm)?.length ?? 0;
  if (documents > MOST_DOCUMENTS)
    return { expected: `at most ${MOST_DOCUMENTS} documents`, found: `${documents}` };
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === "[" || bracket === "{" ? open + 1 : Math.max(0, open - 1);
    if (open > MOST_OPEN) return { expected: `at most ${DEEPEST} levels`, found: "more than that" };
  }
  return undefined;
}

interface AnyScalar {
  readonly type?: string | undefined;
  readonly source?: string | undefined;
  readonly value: unknown;
}

/** A plain scalar is the text that stands there: `1.10` is not 1.1, and `no` is not false. */
function textOfScalar({ type, source, value }: AnyScalar): string | undefined {
  if (type !== "PLAIN") return typeof value === "string" ? value : undefined;
  return source === undefined || /^(?:|~|null|Null|NULL)$/.test(source) ? undefined : source;
}
