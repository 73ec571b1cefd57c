import type { Node } from "web-tree-sitter";
import type { Callee } from "./reading.ts";
import { dotted } from "./text.ts";

/** What a call calls, when it is a dotted name or a method of what a dotted name makes. */
export function calleeOf(call: Node, text: string): Callee | undefined {
  const called = call.childForFieldName("function");
  if (called === null) return undefined;
  const parts = dotted(text.slice(called.startIndex, called.endIndex));
  if (parts !== undefined) return { parts };
  if (called.type !== "attribute") return undefined;
  const object = called.childForFieldName("object");
  const attribute = called.childForFieldName("attribute");
  if (object?.type !== "call" || attribute === null) return undefined;
  const maker = calleeOf(object, text);
  if (maker === undefined || maker.method !== undefined) return undefined;
  return { parts: maker.parts, method: text.slice(attribute.startIndex, attribute.endIndex) };
}

/** What parentheses hold, when it is one expression. */
export function unwrapped(node: Node): Node {
  let at = node;
  while (at.type === "parenthesized_expression") {
    const inner = at.namedChildren.findLast((child) => child.type !== "comment");
    if (inner === undefined) return at;
    at = inner;
  }
  return at;
}
