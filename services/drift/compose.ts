import { type Items, unknownShape, value } from "./shape.ts";
import type { Item, ItemState } from "./reading.ts";
import { type Tree, childOf, entriesOf, lineOf, listOf, textOf } from "./tree.ts";

/**
 * What the services of a compose file are given: `environment` in both forms, and the env files they name. Nothing is
 * interpolated: `${VAR:-x}` is what was agreed on, whatever the variable holds on this machine.
 */
export function readCompose(documents: readonly Tree[]): Items {
  const services = documents
    .map((document) => childOf(document, "services"))
    .filter((each) => each?.kind === "map");
  if (services.length === 0) return unknownShape("a compose file (a mapping `services`)");
  const items = services.flatMap(entriesOf).flatMap(([name, service]) => {
    const given = variables(name, childOf(service, "environment"));
    return given.concat(envFiles(name, childOf(service, "env_file")));
  });
  return { ok: true, items };
}

function variables(service: string, tree: Tree | undefined): Item[] {
  const item = (name: string, text: string | undefined, at: Tree): Item => {
    const state: ItemState = text === undefined ? { kind: "unset" } : value(text);
    return { key: `${service}/environment/${name}`, state, ...lineOf(at) };
  };
  const named = entriesOf(tree).map(([name, child]) => item(name, textOf(child), child));
  const listed = listOf(tree).flatMap((entry) => {
    const text = textOf(entry);
    if (text === undefined || text === "") return [];
    const [, name = text, given] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    return [item(name, given, entry)];
  });
  return [...named, ...listed];
}

/** One item for all of them, since a later file wins over those before it. */
function envFiles(service: string, tree: Tree | undefined): Item[] {
  if (tree === undefined) return [];
  const given = tree.kind === "list" ? tree.items : [tree];
  const names = given.flatMap((entry) => {
    const path = textOf(entry) ?? textOf(childOf(entry, "path"));
    if (path === undefined) return [];
    const format = textOf(childOf(entry, "format"));
    const remarks = [
      ...(textOf(childOf(entry, "required")) === "false" ? ["optional"] : []),
      ...(format === undefined ? [] : [format]),
    ];
    return [remarks.length === 0 ? path : `${path} (${remarks.join(", ")})`];
  });
  if (names.length === 0) return [];
  return [
    {
      key: `${service}/env_file`,
      state: { kind: "reference", to: `file ${names.join(", ")}` },
      ...lineOf(tree),
    },
  ];
}
