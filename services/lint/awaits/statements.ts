import { readDefinition } from "./definitions.ts";
import { readExpressions } from "./expressions.ts";
import { type Reading, withQuiet } from "./reading.ts";
import { bindTarget } from "./replacements.ts";
import { bind, moduleOf, OTHER, type Scope } from "./scopes.ts";
import { readExpressionStatement } from "./simple.ts";
import { importedNames, targetNames } from "./text.ts";

/**
 * Reads the statements under the cursor's node (a module or a block), in the order of the file; the cursor comes back to
 * where it was.
 */
export function readBlock(reading: Reading, scope: Scope): void {
  const { cursor } = reading;
  if (!cursor.gotoFirstChild()) return;
  do readStatement(reading, scope, cursor.nodeType);
  while (cursor.gotoNextSibling());
  cursor.gotoParent();
}

function readStatement(reading: Reading, scope: Scope, type: string): void {
  const { cursor, file } = reading;
  switch (type) {
    case "comment":
    case "\n":
    case ";":
      return;
    case "function_definition":
    case "class_definition":
    case "decorated_definition":
      scope.real = true;
      readDefinition(reading, scope, (inner) => {
        const { branches } = reading;
        reading.branches = 0;
        readBlock(reading, inner);
        reading.branches = branches;
      });
      return;
    case "expression_statement":
      readExpressionStatement(reading, scope);
      return;
    case "pass_statement":
      return;
    case "if_statement":
    case "for_statement":
    case "while_statement":
    case "match_statement":
    case "case_clause":
      scope.real = true;
      readCompound(reading, scope);
      return;
    case "with_statement":
    case "try_statement":
      scope.real = true;
      withQuiet(reading, isExpectingFaults(reading, type), () => {
        readCompound(reading, scope);
      });
      return;
    default:
  }
  const start = cursor.startIndex;
  const end = cursor.endIndex;
  if (type === "raise_statement") scope.raises = true;
  else scope.real = true;
  if (type === "return_statement") scope.returns.push(cursor.currentNode);
  else if (type === "import_statement" || type === "import_from_statement")
    readImport(reading, scope, file.text.slice(start, end));
  else if (type === "global_statement" || type === "nonlocal_statement" || type === "delete_statement")
    readDeclaration(reading, scope, type, file.text.slice(start, end));
  else if (type === "type_alias_statement")
    bindTarget(reading, scope, file.text.slice(start, end).split("=")[0] ?? "");
  readExpressions(reading, scope, start, end);
}

/** `pytest.raises(TypeError)`, `except TypeError`: what fails there is meant to. */
function isExpectingFaults({ cursor, file }: Reading, type: string): boolean {
  const text = file.text.slice(cursor.startIndex, cursor.endIndex);
  if (type === "try_statement") return /\bexcept\b[^\n]*\b(?:TypeError|RuntimeWarning)\b/.test(text);
  const head = text.slice(0, text.search(/:[ \t]*(?:#[^\n]*)?\r?\n/) + 1 || undefined);
  return /raises|warns|suppress|assertRaises|assertWarns|catch_warnings/i.test(head);
}

/** The parts of a compound statement: heads are expressions, blocks are read, clauses have both. */
function readCompound(reading: Reading, scope: Scope): void {
  const { cursor } = reading;
  if (!cursor.gotoFirstChild()) return;
  reading.branches += 1;
  do {
    const type = cursor.nodeType;
    if (type === "block") readBlock(reading, scope);
    else if (type.endsWith("_clause") && type !== "with_clause" && type !== "if_clause")
      readCompound(reading, scope);
    else if (cursor.nodeIsNamed && type !== "comment") readHead(reading, scope, type);
  } while (cursor.gotoNextSibling());
  reading.branches -= 1;
  cursor.gotoParent();
}

function readHead(reading: Reading, scope: Scope, type: string): void {
  const { cursor, file } = reading;
  const start = cursor.startIndex;
  const end = cursor.endIndex;
  const text = file.text.slice(start, end);
  if (type === "case_pattern" || cursor.currentFieldName === "left") bindTarget(reading, scope, text);
  else if (/\bas\b/.test(text))
    for (const target of cursor.currentNode.descendantsOfType("as_pattern_target"))
      bindTarget(reading, scope, file.text.slice(target.startIndex, target.endIndex));
  readExpressions(reading, scope, start, end);
}

function readImport(reading: Reading, scope: Scope, statement: string): void {
  for (const { module, name, bound } of importedNames(statement)) {
    if (bound === "*") reading.stars.push(module);
    else bind(scope, bound, { kind: "import", module, ...(name === undefined ? {} : { name }) });
  }
}

function readDeclaration(reading: Reading, scope: Scope, type: string, statement: string): void {
  const { names, attributes } = targetNames(statement.replace(/^\w+/, ""));
  for (const name of names) {
    bind(scope, name, OTHER);
    if (type === "global_statement") bind(moduleOf(scope), name, OTHER);
    if (type !== "nonlocal_statement") continue;
    for (let at = scope.parent; at !== undefined; at = at.parent)
      if (at.kind === "function") bind(at, name, OTHER);
  }
  for (const { name } of attributes) reading.replaced.add(name);
}
