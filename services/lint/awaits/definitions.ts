import type { Node } from "web-tree-sitter";
import { decoratorEffect, type DecoratorEffect } from "./decorators.ts";
import { readExpressions } from "./expressions.ts";
import type { DefinitionKind } from "./facts.ts";
import { bindParameters } from "./parameters.ts";
import { type Reading, withQuiet } from "./reading.ts";
import { type Binding, bind, createScope, OTHER, type Scope } from "./scopes.ts";
import { dotted } from "./text.ts";

type ReadBody = (scope: Scope) => void;

/** Reads a function or a class, with its decorators; the cursor is on it and stays there. */
export function readDefinition(reading: Reading, scope: Scope, readBody: ReadBody): void {
  const { cursor, file } = reading;
  const effects: DecoratorEffect[] = [];
  const decorated = cursor.nodeType === "decorated_definition";
  if (decorated && !cursor.gotoFirstChild()) return;
  while (cursor.nodeType === "decorator" || cursor.nodeType === "comment") {
    if (cursor.nodeType === "decorator") {
      effects.push(decoratorEffect(file.text.slice(cursor.startIndex, cursor.endIndex), scope));
      readExpressions(reading, scope, cursor.startIndex, cursor.endIndex);
    }
    if (!cursor.gotoNextSibling()) break;
  }
  if (cursor.nodeType === "class_definition") readClass(reading, scope, effects, readBody);
  else if (cursor.nodeType === "function_definition") readFunction(reading, scope, effects, readBody);
  if (decorated) cursor.gotoParent();
}

function readFunction(
  reading: Reading,
  scope: Scope,
  effects: readonly DecoratorEffect[],
  readBody: ReadBody,
): void {
  const { cursor, file, defs } = reading;
  const start = cursor.startIndex;
  const end = cursor.endIndex;
  const line = cursor.startPosition.row + 1;
  const isAsync = file.text.startsWith("async", start);
  const index = defs.length;
  let name = "";
  let inner = createScope({ kind: "function", parent: scope, isAsync });
  cursor.gotoFirstChild();
  do {
    const type = cursor.nodeType;
    const text = (): string => file.text.slice(cursor.startIndex, cursor.endIndex);
    if (type === "identifier") {
      name = text();
      inner = createScope({ kind: "function", parent: scope, name, isAsync });
      // Its place among the definitions comes before those in its body.
      defs.push({ scope: inner, kind: "?", line, isOverload: effects.includes("overload") });
      bind(scope, name, { kind: "def", def: index });
      // Where the condition does not hold, it is what a base class has.
      if (scope.kind === "class" && reading.branches > 0) bind(scope, name, OTHER);
    } else if (type === "type_parameter") bindTypeParameters(scope, text());
    else if (type === "parameters")
      bindParameters(inner, text(), () => cursor.currentNode, receiver(reading, scope, effects, name));
    else if (type === "block") {
      // What the signature awaits and yields belongs to nobody.
      reading.awaits.take(start, cursor.startIndex);
      reading.yields.take(start, cursor.startIndex);
      const asks =
        reading.asksWhetherAwaitable && /iscoroutine|isawaitable|__await__/.test(file.text.slice(start, end));
      withQuiet(reading, asks, () => {
        const before = reading.uses.length;
        readBody(inner);
        dropReadNames(reading, before, start, end);
      });
    }
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
  const draft = defs[index];
  if (draft !== undefined) defs[index] = { ...draft, kind: kindOf(inner, scope, effects) };
}

/** Keeps only those `name = f()` whose name stands nowhere else in the function. */
function dropReadNames(reading: Reading, from: number, start: number, end: number): void {
  const { uses, file } = reading;
  if (!uses.some(({ assigned }, index) => index >= from && assigned !== undefined)) return;
  const text = file.text.slice(start, end);
  const isRead = (name: string): boolean => text.indexOf(name) !== text.lastIndexOf(name);
  const unsure = /\b(?:locals|eval|exec)\(/.test(text);
  const kept = uses.filter(
    ({ assigned }, index) => index < from || assigned === undefined || (!unsure && !isRead(assigned)),
  );
  reading.uses = kept;
}

function kindOf(inner: Scope, scope: Scope, effects: readonly DecoratorEffect[]): DefinitionKind {
  if (effects.includes("unknown") || effects.includes("value")) return "?";
  if (inner.isAsync) return effects.includes("plain") ? "?" : inner.yields ? "g" : "c";
  // A body that is not there: what is called in its place is written elsewhere.
  if (effects.includes("abstract") || (!inner.real && (inner.raises || scope.kind === "class"))) return "?";
  if (effects.includes("plain")) return inner.yields ? "s" : "?";
  return "s";
}

function receiver(
  { classes }: Reading,
  scope: Scope,
  effects: readonly DecoratorEffect[],
  name: string,
): Binding | undefined {
  if (scope.kind !== "class" || effects.includes("static")) return undefined;
  if (effects.includes("unknown") && !name.startsWith("test")) return OTHER;
  return { kind: "receiver", index: classes.findLastIndex((one) => one.scope === scope) };
}

function bindTypeParameters(scope: Scope, text: string): void {
  for (const name of text.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []) bind(scope, name, OTHER);
}

function readClass(
  reading: Reading,
  scope: Scope,
  effects: readonly DecoratorEffect[],
  readBody: ReadBody,
): void {
  const { cursor, file, classes } = reading;
  const index = classes.length;
  let inner = createScope({ kind: "class", parent: scope });
  let name = "";
  let bases: (readonly string[] | undefined)[] = [];
  let opaque = effects.some((effect) => effect !== "same");
  let odd = false;
  cursor.gotoFirstChild();
  do {
    const type = cursor.nodeType;
    const text = (): string => file.text.slice(cursor.startIndex, cursor.endIndex);
    if (type === "identifier") {
      name = text();
      inner = createScope({ kind: "class", parent: scope, name });
      bind(scope, name, { kind: "class", index });
    } else if (type === "type_parameter") bindTypeParameters(scope, text());
    else if (type === "argument_list") {
      const found = cursor.currentNode.namedChildren.filter((child) => child.type !== "comment");
      bases = found
        .filter((child) => child.type !== "keyword_argument")
        .map((child) => baseOf(child, file.text));
      odd = found.some((child) => child.type === "keyword_argument" && !isPlainKeyword(child, file.text));
      readExpressions(reading, scope, cursor.startIndex, cursor.endIndex);
    } else if (type === "block") {
      classes.push({ name, scope: inner, owner: scope, bases, opaque, odd });
      readBody(inner);
      const has = (member: string): boolean => inner.names.has(member);
      opaque ||= odd || has("__getattribute__") || has("__init_subclass__");
      odd ||= has("__await__") || has("__new__");
      classes[index] = { name, scope: inner, owner: scope, bases, opaque, odd };
    }
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
}

/** `Base`, `module.Base` and `Base[T]`. */
const baseOf = (node: Node, text: string): readonly string[] | undefined =>
  dotted(text.slice(node.startIndex, node.endIndex).split("[", 1)[0] ?? "");

const isPlainKeyword = (node: Node, text: string): boolean =>
  /^metaclass\s*=\s*(?:abc\.)?ABCMeta$/.test(text.slice(node.startIndex, node.endIndex));
