import type { Node } from "web-tree-sitter";
import { readLiteral } from "./literals.ts";

/** Strings a name stands for, when all of them are written down in this file. */
export function boundStrings(name: Node, text: string): readonly string[] | undefined {
  const word = text.slice(name.startIndex, name.endIndex);
  for (let node = name.parent; node; node = node.parent) {
    if (node.type !== "for_statement" && node.type !== "for_in_clause") continue;
    const left = node.childForFieldName("left");
    const right = node.childForFieldName("right");
    const at = left && position(left, word, text);
    if (at === undefined || at === null || !right) continue;
    return strings(right, at, text);
  }
  const value = assigned(name, word, text);
  const literal = value && readLiteral(value, text);
  return literal && !literal.open ? [literal.text] : undefined;
}

/** Where in `name, description` the word stands; -1: it is the whole target. */
function position(target: Node, word: string, text: string): number | undefined {
  if (target.type === "identifier")
    return text.slice(target.startIndex, target.endIndex) === word ? -1 : undefined;
  const at = target.namedChildren.findIndex((one) => text.slice(one.startIndex, one.endIndex) === word);
  return at === -1 ? undefined : at;
}

function strings(iterable: Node, at: number, text: string): readonly string[] | undefined {
  const found = (nodes: readonly (Node | null | undefined)[]): readonly string[] | undefined => {
    const literals = nodes.map((node) => (node ? readLiteral(node, text) : undefined));
    return literals.every((one) => one && !one.open) ? literals.flatMap((one) => one?.text ?? []) : undefined;
  };
  const values = iterable.namedChildren.filter((one) => one.type !== "comment");
  switch (iterable.type) {
    case "list":
    case "tuple":
    case "set":
      return found(at === -1 ? values : values.map((one) => one.namedChild(at)));
    case "dictionary":
      return at === -1 ? found(values.map((pair) => pair.childForFieldName("key"))) : undefined;
    case "identifier": {
      const value = assigned(iterable, text.slice(iterable.startIndex, iterable.endIndex), text);
      return value && value.type !== "identifier" ? strings(value, at, text) : undefined;
    }
    case "call": {
      const items = iterable.childForFieldName("function");
      const object = items?.childForFieldName("object");
      if (!items || !object || !text.slice(items.startIndex, items.endIndex).endsWith(".items"))
        return undefined;
      const dictionary =
        object.type === "identifier"
          ? assigned(object, text.slice(object.startIndex, object.endIndex), text)
          : object;
      if (dictionary?.type !== "dictionary") return undefined;
      return found(
        dictionary.namedChildren.map((pair) => pair.childForFieldName(at === 1 ? "value" : "key")),
      );
    }
    default:
      return undefined;
  }
}

/** What is assigned to a name, when that is done once in the file. */
function assigned(anywhere: Node, word: string, text: string): Node | undefined {
  const assignments = [
    ...text.matchAll(new RegExp(`^[ \\t]*${word}[ \\t]*(?::[^=\\n]+)?(\\+?=)(?!=)[ \\t]*`, "gm")),
  ];
  const [only] = assignments;
  if (!only || assignments.length > 1 || only[1] !== "=") return undefined;
  let node = anywhere.tree.rootNode.descendantForIndex(only.index + only[0].length);
  while (
    node?.parent &&
    node.parent.startIndex === node.startIndex &&
    node.parent.type !== "expression_statement"
  ) {
    node = node.parent;
  }
  return node ?? undefined;
}
