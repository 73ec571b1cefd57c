/** What JSON and YAML have in common: mappings, lists and texts, each with its line where it is known. */
export type Tree =
  | { readonly kind: "map"; readonly entries: ReadonlyMap<string, Tree>; readonly line?: number }
  | { readonly kind: "list"; readonly items: readonly Tree[]; readonly line?: number }
  /** Any scalar as it is written, `1.10` as `1.10`; null has no text. */
  | { readonly kind: "scalar"; readonly text: string | undefined; readonly line?: number };

/** What stands at a path of keys; undefined when there is nothing. */
export function childOf(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  let current = tree;
  for (const key of path) current = current?.kind === "map" ? current.entries.get(key) : undefined;
  return current;
}

export const textOf = (tree: Tree | undefined): string | undefined =>
  tree?.kind === "scalar" ? tree.text : undefined;

export const listOf = (tree: Tree | undefined): readonly Tree[] => (tree?.kind === "list" ? tree.items : []);

export const entriesOf = (tree: Tree | undefined): readonly (readonly [string, Tree])[] =>
  tree?.kind === "map" ? [...tree.entries] : [];

export const lineOf = (tree: Tree | undefined): { readonly line?: number } =>
  tree?.line === undefined ? {} : { line: tree.line };

/** JSON with sorted keys, and lists in their order: the same for the same content, however it is written. */
export function canonical(tree: Tree): string {
  if (tree.kind === "scalar") return JSON.stringify(tree.text ?? null);
  if (tree.kind === "list") return `[${tree.items.map(canonical).join(",")}]`;
  const keys = [...tree.entries.keys()].toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(tree.entries.get(key) as Tree)}`).join(",")}}`;
}

/** Plain values, as of `JSON.parse`, as a tree without lines. */
export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: "list", items: value.map(treeOf) };
  if (typeof value === "object" && value !== null)
    return {
      kind: "map",
      entries: new Map(Object.entries(value).map(([key, child]) => [key, treeOf(child)])),
    };
  if (value === null || value === undefined) return { kind: "scalar", text: undefined };
  return { kind: "scalar", text: typeof value === "string" ? value : JSON.stringify(value) };
}

/** The objects of a file: its documents, and what is in lists of them (`kind: List`, or a list at the top). */
export function objectsIn(documents: readonly Tree[]): readonly Tree[] {
  return documents.flatMap((document) => {
    if (document.kind === "list") return objectsIn(document.items);
    if (textOf(childOf(document, "kind"))?.endsWith("List"))
      return objectsIn(listOf(childOf(document, "items")));
    return document.kind === "map" ? [document] : [];
  });
}
