import { type Items, unknownShape, value } from "./shape.ts";
import type { Item } from "./reading.ts";
import { type Tree, childOf, entriesOf, lineOf, objectsIn, textOf } from "./tree.ts";

/** What the ConfigMaps of a file hold; other objects in it are passed over. With several, each has its name before its keys. */
export function readConfigMaps(documents: readonly Tree[]): Items {
  const maps = objectsIn(documents).filter((tree) => textOf(childOf(tree, "kind")) === "ConfigMap");
  if (maps.length === 0) return unknownShape("a Kubernetes ConfigMap (`kind: ConfigMap`)");
  return { ok: true, items: maps.flatMap((map) => itemsOf(map, maps.length === 1 ? "" : `${nameOf(map)}/`)) };
}

function nameOf(map: Tree): string {
  const name = textOf(childOf(map, "metadata", "name")) ?? "";
  const namespace = textOf(childOf(map, "metadata", "namespace"));
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function itemsOf(map: Tree, prefix: string): Item[] {
  const item = (section: string, key: string, text: string, tree: Tree): Item => {
    return { key: `${prefix}${section}/${key}`, state: value(text), ...lineOf(tree) };
  };
  return [
    ...entriesOf(childOf(map, "data")).map(([key, tree]) => item("data", key, textOf(tree) ?? "", tree)),
    // Where the lines of base64 are broken means nothing.
    ...entriesOf(childOf(map, "binaryData")).map(([key, tree]) =>
      item("binaryData", key, (textOf(tree) ?? "").replaceAll(/\s+/g, ""), tree),
    ),
  ];
}
