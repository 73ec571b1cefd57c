import type { Node } from "web-tree-sitter";
import { calleeOf } from "./callee.ts";
import type { Reference } from "./facts.ts";
import type { Reading } from "./reading.ts";
import { referenceTo } from "./references.ts";
import { ownerOf, type Scope } from "./scopes.ts";

const ANYTHING: readonly Reference[] = ["?"];
const PLAIN: readonly Reference[] = [];

const LITERALS = new Set(
  [
    "integer float string concatenated_string true false none ellipsis list dictionary set tuple",
    "list_comprehension dictionary_comprehension set_comprehension generator_expression lambda not_operator",
  ].flatMap((line) => line.split(" ")),
);

/** Builtins that give something that cannot be awaited, whatever they are given. */
const BUILTINS = new Set(
  "len str int float bool bytes bytearray list dict set frozenset tuple repr ascii chr ord hex oct bin hash id isinstance issubclass callable sorted range enumerate zip print format dir complex slice memoryview".split(
    " ",
  ),
);

const PLAIN_TYPES = new Set(["int", "str", "float", "bool", "bytes", "complex"]);

/**
 * What a function returns calls of; with `?` in it, it may return anything, something awaitable too. Annotations of the
 * result prove nothing to Python and are not looked at.
 */
export function returnedCalls(reading: Reading, scope: Scope): readonly Reference[] {
  if (scope.yields) return PLAIN;
  const found = new Set<Reference>();
  for (const statement of scope.returns) {
    const value = statement.firstNamedChild;
    if (value === null || value.type === "comment") continue;
    for (const reference of callsIn({ reading, scope, seen: [] }, value)) found.add(reference);
  }
  return found.has("?") ? ANYTHING : [...found];
}

interface Looking {
  readonly reading: Reading;
  readonly scope: Scope;
  /** Names that are being looked at. */
  readonly seen: readonly string[];
}

function callsIn(looking: Looking, node: Node): readonly Reference[] {
  const { type } = node;
  if (LITERALS.has(type)) return PLAIN;
  const children = (): readonly Node[] => node.namedChildren.filter((child) => child.type !== "comment");
  switch (type) {
    case "expression_list":
      return PLAIN;
    case "parenthesized_expression":
    case "boolean_operator":
      return together(looking, children());
    case "conditional_expression": {
      const [first, , last] = children();
      return first === undefined || last === undefined ? ANYTHING : together(looking, [first, last]);
    }
    case "binary_operator":
      return ofBinary(looking, node, children());
    case "unary_operator":
      return onlyPlain(looking, children());
    case "comparison_operator":
      return ofComparison(looking, node, children());
    case "identifier":
      return ofName(looking, node);
    case "call":
      return ofCall(looking, node);
    default:
      return ANYTHING;
  }
}

function together(looking: Looking, nodes: readonly Node[]): readonly Reference[] {
  return nodes.flatMap((node) => callsIn(looking, node));
}

/** An object with an `__add__` of its own may give anything: only what is plain by itself stays plain. */
const onlyPlain = (looking: Looking, nodes: readonly Node[]): readonly Reference[] =>
  together(looking, nodes).length === 0 ? PLAIN : ANYTHING;

function ofBinary(looking: Looking, node: Node, children: readonly Node[]): readonly Reference[] {
  const left = node.childForFieldName("left");
  const isFormat = left?.type === "string" && node.childForFieldName("operator")?.type === "%";
  return isFormat ? PLAIN : onlyPlain(looking, children);
}

/** `is` and `in` give a bool; `==` what either side makes of it. */
function ofComparison(looking: Looking, node: Node, children: readonly Node[]): readonly Reference[] {
  const operators = node.children.filter((child) => !child.isNamed).map((child) => child.type);
  const sure = operators.every((operator) => ["is", "in", "not", "is not", "not in"].includes(operator));
  return sure ? PLAIN : onlyPlain(looking, children);
}

function ofName(looking: Looking, node: Node): readonly Reference[] {
  const { reading, scope, seen } = looking;
  const name = reading.file.text.slice(node.startIndex, node.endIndex);
  const owner = ownerOf(scope, name);
  if (owner === undefined || seen.includes(name)) return ANYTHING;
  const bindings = owner.names.get(name) ?? [];
  if (owner !== scope) return ANYTHING;
  return bindings.flatMap((binding) => {
    if (binding.kind === "value") return callsIn({ ...looking, seen: [...seen, name] }, binding.node);
    if (binding.kind === "parameter")
      return isPlainType(scope, binding.annotation) && bindings.length === 1 ? PLAIN : ANYTHING;
    if (binding.kind === "def") return reading.defs[binding.def]?.kind === "?" ? ANYTHING : PLAIN;
    return ANYTHING;
  });
}

const isPlainType = (scope: Scope, annotation: string | undefined): boolean =>
  annotation !== undefined && PLAIN_TYPES.has(annotation) && ownerOf(scope, annotation) === undefined;

function ofCall({ reading, scope }: Looking, node: Node): readonly Reference[] {
  const { text } = reading.file;
  const object = node.childForFieldName("function")?.childForFieldName("object");
  if (object?.type === "string") return PLAIN;
  const callee = calleeOf(node, text);
  const reference = callee === undefined ? undefined : referenceTo(reading, scope, callee);
  if (reference === undefined) return ANYTHING;
  if (reference.startsWith("b")) return BUILTINS.has(reference.slice(1)) ? PLAIN : ANYTHING;
  return [reference];
}
