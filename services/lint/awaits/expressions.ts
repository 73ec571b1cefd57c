import type { Node } from "web-tree-sitter";
import { calleeOf, unwrapped } from "./callee.ts";
import type { Reading } from "./reading.ts";
import { noteReplacements } from "./replacements.ts";
import { bind, OTHER, type Scope } from "./scopes.ts";
import { NAME, targetNames } from "./text.ts";

const WALRUS = new RegExp(String.raw`(${NAME})\s*:=`, "gu");

/** Notes what the expressions of a statement, or of the head of a compound one, await, yield and bind. */
export function readExpressions(reading: Reading, scope: Scope, start: number, end: number): void {
  const { awaits, yields, file, hasWalrus, replaces, cursor } = reading;
  const places = awaits.take(start, end);
  const yielding = yields.take(start, end);
  if (hasWalrus || replaces) {
    const text = file.text.slice(start, end);
    if (replaces) noteReplacements(reading, text);
    if (hasWalrus) for (const [, name = ""] of text.matchAll(WALRUS)) bind(scope, name, OTHER);
  }
  if (places.length + yielding.length === 0) return;
  const node = cursor.currentNode;
  for (const at of places.length > MOST_AWAITS ? [] : places) {
    const word = node.descendantForIndex(at, at + 4);
    const parent = word?.type === "await" ? word.parent : null;
    if (parent?.type === "await" && parent.startIndex === at) readAwait(reading, scope, node, parent);
  }
  if (scope.kind === "function" && !scope.yields) {
    // One in a lambda makes a generator of the lambda alone.
    scope.yields = yielding.some((at) => {
      const word = node.descendantForIndex(at, at + 4);
      return word?.type === "yield" && !surroundings(word, node, file.text).lambda;
    });
  }
}

/** Of one statement. The way to each is as long as the tree is deep, and nobody writes so many by hand. */
const MOST_AWAITS = 1000;

interface Surroundings {
  readonly lambda: boolean;
  /** Inside a generator expression, but not where its first iterable is worked out: `await` is allowed in any function. */
  readonly generator: boolean;
  readonly comprehension: boolean;
  /** Names that comprehensions and lambdas around it bind. */
  readonly names: ReadonlySet<string>;
}

const COMPREHENSIONS = new Set(["list_comprehension", "set_comprehension", "dictionary_comprehension"]);

function surroundings(inner: Node, statement: Node, text: string): Surroundings {
  const names = new Set<string>();
  let lambda = false;
  let generator = false;
  let comprehension = false;
  const written = text.slice(statement.startIndex, statement.endIndex);
  if (!/lambda|\bfor\b/.test(written)) return { lambda, generator, comprehension, names };
  let clause: Node | undefined;
  for (let at: Node | null = inner; at !== null && at.id !== statement.id; at = at.parent) {
    if (at.type === "for_in_clause") clause = at;
    else if (at.type === "lambda") {
      lambda = true;
      addNames(names, at.childForFieldName("parameters"), text);
    } else if (at.type === "generator_expression" || COMPREHENSIONS.has(at.type)) {
      const clauses = at.namedChildren.filter((child) => child.type === "for_in_clause");
      for (const one of clauses) addNames(names, one.childForFieldName("left"), text);
      const outside = clause !== undefined && clause.id === clauses[0]?.id;
      if (!outside && at.type === "generator_expression") generator = true;
      else if (!outside) comprehension = true;
      clause = undefined;
    }
  }
  return { lambda, generator, comprehension, names };
}

function addNames(names: Set<string>, node: Node | null, text: string): void {
  if (node === null) return;
  for (const name of targetNames(text.slice(node.startIndex, node.endIndex)).names) names.add(name);
}

function readAwait(reading: Reading, scope: Scope, statement: Node, node: Node): void {
  const { file, strays, uses } = reading;
  const around = surroundings(node, statement, file.text);
  const { row, column } = node.startPosition;
  const place = { line: row + 1, column: column + 1 };
  const isAsync = scope.kind === "function" && scope.isAsync;
  const where = around.lambda ? "lambda" : placeOf(scope, around.comprehension);
  // Python refuses the whole file: that is all there is to say of it.
  if (around.lambda || (!isAsync && !around.generator)) {
    strays.push({ scope, where, ...place });
    return;
  }
  const operand = node.namedChildren.findLast((child) => child.type !== "comment");
  if (operand === undefined || reading.quiet) return;
  const call = unwrapped(operand);
  const callee = call.type === "call" ? calleeOf(call, file.text) : undefined;
  const root = callee?.parts[0];
  if (callee === undefined || root === undefined || around.names.has(root)) return;
  const wrapped = needlessParentheses(node, file.text);
  uses.push({
    kind: "await",
    callee,
    scope,
    start: node.startIndex,
    operand: endOfAwait(node.startIndex, operand.startIndex, file.text),
    ...(wrapped === undefined ? {} : { wrapped }),
    inAsync: isAsync,
    ...place,
  });
}

/** Where `await` ends, with the space behind it; comments stay. */
function endOfAwait(start: number, operand: number, text: string): number {
  const word = start + "await".length;
  const between = text.slice(word, operand);
  return between.includes("#") ? word + (/^[ \t]*/.exec(between)?.[0].length ?? 0) : operand;
}

function placeOf(scope: Scope, comprehension: boolean): "module" | "class" | "def" | "comprehension" {
  if (scope.kind !== "function") return scope.kind;
  return comprehension ? "comprehension" : "def";
}

const PRIMARY = new Set(["attribute", "subscript", "call"]);

/** `(await f()).x` needs none without `await `: a call binds as tightly as what follows it. */
function needlessParentheses(node: Node, text: string): readonly [number, number] | undefined {
  const around = node.parent;
  if (around?.type !== "parenthesized_expression") return undefined;
  const outer = around.parent;
  if (outer === null || !PRIMARY.has(outer.type)) return undefined;
  const alone =
    // `return(await f()).x` would run into the word before it.
    !/[\p{L}\p{N}_]/u.test(text.charAt(around.startIndex - 1)) &&
    text.slice(around.startIndex + 1, node.startIndex).trim() === "" &&
    text.slice(node.endIndex, around.endIndex - 1).trim() === "" &&
    !text.slice(around.startIndex, around.endIndex).includes("\n");
  return alone ? [around.startIndex, around.endIndex] : undefined;
}
