import type { Node } from "web-tree-sitter";
import { calleeOf, unwrapped } from "./callee.ts";
import { readExpressions } from "./expressions.ts";
import type { Reading } from "./reading.ts";
import { bindTarget, noteAttributes } from "./replacements.ts";
import { bind, OTHER, type Scope } from "./scopes.ts";

/** Reads one expression that stands alone, or an assignment. The cursor is on it and stays there. */
export function readExpressionStatement(reading: Reading, scope: Scope): void {
  const { cursor } = reading;
  const start = cursor.startIndex;
  const end = cursor.endIndex;
  readExpressions(reading, scope, start, end);
  if (!cursor.gotoFirstChild()) return;
  const type = cursor.nodeType;
  // Words, and what stands for a body that is not there.
  if (type !== "string" && type !== "concatenated_string" && type !== "ellipsis") scope.real = true;
  if (type === "call" || type === "parenthesized_expression") {
    if (!reading.quiet && !cursor.gotoNextSibling()) readCall(reading, scope, cursor.currentNode);
  } else if (type === "assignment" || type === "augmented_assignment") {
    readAssignment(reading, scope, cursor.currentNode);
  }
  cursor.gotoParent();
}

function readCall(reading: Reading, scope: Scope, statement: Node, assigned?: string): void {
  const call = unwrapped(statement);
  if (call.type !== "call") return;
  const callee = calleeOf(call, reading.file.text);
  if (callee === undefined) return;
  const { row, column } = call.startPosition;
  reading.uses.push({
    kind: "call",
    callee,
    scope,
    start: call.startIndex,
    line: row + 1,
    column: column + 1,
    inAsync: scope.kind === "function" && scope.isAsync,
    ...(assigned === undefined ? {} : { assigned }),
  });
}

function readAssignment(reading: Reading, scope: Scope, node: Node): void {
  const { text } = reading.file;
  const left = node.childForFieldName("left");
  const right = node.childForFieldName("right");
  if (left === null) return;
  const target = text.slice(left.startIndex, left.endIndex);
  const augmented = node.type === "augmented_assignment";
  if (left.type === "identifier") {
    const plain = !augmented && right !== null && node.childForFieldName("type") === null;
    bind(scope, target, plain ? { kind: "value", node: right } : OTHER);
    if (target === "__all__" && scope.kind === "module") readAll(reading, plain ? right : undefined);
    if (plain && right.type === "call" && scope.kind === "function" && !reading.quiet)
      readCall(reading, scope, right, target);
  } else if (left.type === "attribute") noteAttributes(reading, target);
  else if (left.type !== "subscript") bindTarget(reading, scope, target);
  if (right?.type === "assignment") readAssignment(reading, scope, right);
}

/** `__all__` counts when it is given once, as a list of plain strings. */
function readAll(reading: Reading, value: Node | undefined): void {
  const known = reading.all;
  reading.all = null;
  if (known !== undefined || value === undefined || (value.type !== "list" && value.type !== "tuple")) return;
  const names = value.namedChildren.filter(({ type }) => type !== "comment");
  const words = names.map(({ type, startIndex, endIndex }) =>
    type === "string"
      ? /^["'](\w+)["']$/.exec(reading.file.text.slice(startIndex, endIndex))?.[1]
      : undefined,
  );
  if (words.every((word) => word !== undefined)) reading.all = words;
}
