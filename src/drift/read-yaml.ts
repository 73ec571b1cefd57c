/** YAML text → the documents in it. The parser is loaded when it is needed. */
import type { Node, Pair } from "yaml";
import type { Tree } from "../../services/drift/tree.ts";

export type ReadYaml =
  | { readonly ok: true; readonly documents: readonly Tree[] }
  | {
      readonly ok: false;
      readonly line: number;
      readonly column: number;
      readonly expected: string;
      readonly found: string;
    };

/** With aliases followed: a file that is written to be large in memory ends here. */
const MOST_NODES = 100_000;
const DEEPEST = 64;

class TooLarge extends Error {}

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
  try {
    const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false, logLevel: "error" });
    if (!Array.isArray(documents)) return { ok: true, documents: [] };
    for (const { errors } of documents) {
      const [error] = errors;
      if (error === undefined) continue;
      const found =
        error.code === "DUPLICATE_KEY" ? "a key that is there before" : `a YAML syntax error (${error.code})`;
      return faultAt(error.pos[0], "YAML that parses", found);
    }
    const trees = documents.flatMap((document): Tree[] => {
      const convert = (given: Node | null | undefined, depth: number): Tree => {
        at = given?.range?.[0] ?? at;
        nodes += 1;
        if (nodes > MOST_NODES || depth > DEEPEST) throw new TooLarge();
        const line = { line: Math.max(1, lineCounter.linePos(at).line) };
        if (isAlias(given)) return convert(given.resolve(document), depth + 1);
        if (isSeq(given))
          return {
            kind: "list",
            items: given.items.map((each) => convert(each as Node, depth + 1)),
            ...line,
          };
        if (isMap(given)) {
          const entries = new Map<string, Tree>();
          for (const pair of given.items as Pair<Node, Node | null>[]) add(entries, pair, depth + 1);
          return { kind: "map", entries, ...line };
        }
        return { kind: "scalar", text: isScalar(given) ? textOfScalar(given) : undefined, ...line };
      };
      const add = (
        entries: Map<string, Tree>,
        { key, value }: Pair<Node, Node | null>,
        depth: number,
      ): void => {
        const name = isScalar(key) ? (textOfScalar(key) ?? "") : "";
        const child = convert(value, depth);
        if (name !== "<<" || !isScalar(key) || key.type !== "PLAIN") return void entries.set(name, child);
        // What is merged in gives way to what the mapping says itself, before it or after it.
        for (const each of child.kind === "list" ? child.items : [child])
          for (const [merged, tree] of each.kind === "map" ? each.entries : [])
            if (!entries.has(merged)) entries.set(merged, tree);
      };
      return document.contents === null ? [] : [convert(document.contents, 0)];
    });
    return { ok: true, documents: trees };
  } catch (error) {
    const limit = `at most ${MOST_NODES} values, nested at most ${DEEPEST} deep, its aliases followed`;
    if (error instanceof TooLarge || error instanceof RangeError) return faultAt(at, limit, "more than that");
    return faultAt(at, "YAML that parses", "text that the parser fails on");
  }
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
