import type { Node } from "web-tree-sitter";
import type { PythonFile, Span } from "../python/source-file.ts";
import { type Aliases, readAliases, readImports } from "./aliases.ts";
import type { MarkerFacts, MarkerRead, MarkerRegistration, MarkerUse } from "./facts.ts";
import { createLineFinder } from "./lines.ts";
import { readLiteral } from "./literals.ts";
import { isNodeName, isRunLate, isShadowed, type Shadows } from "./places.ts";
import { readRegistrations } from "./registrations.ts";

export type { MarkerFacts } from "./facts.ts";

interface Draft {
  readonly file: PythonFile;
  readonly find: (start: number, end: number) => Span;
  readonly aliases: Aliases;
  readonly uses: MarkerUse[];
  readonly reads: MarkerRead[];
  readonly registers: MarkerRegistration[];
  readonly dynamic: Span[];
  readonly plugins: string[];
  readonly shadows: Shadows;
}

const CALLS =
  "add_marker|applymarker|get_closest_marker|iter_markers|keywords|addinivalue_line|pytest_plugins|MARK_GEN";

/**
 * What a file says of markers; `undefined` for a file that says nothing. Words are looked for in the text, and the tree
 * is asked what each of them is: comments and strings name nothing, and the rest of the tree is never walked.
 */
export function extractMarkers(file: PythonFile): MarkerFacts | undefined {
  const { path, text } = file;
  const isConftest = path === "conftest.py" || path.endsWith("/conftest.py");
  if (!isConftest && !text.includes("mark") && !text.includes("pytest_plugins")) return undefined;
  const find = createLineFinder(text);
  const draft: Draft = {
    file,
    find,
    aliases: readAliases(text),
    uses: [],
    reads: [],
    registers: [],
    dynamic: [],
    plugins: [],
    shadows: new Map(),
  };
  const seen = new Set<string>();
  // `m = pytest.mark` gives another word to look for.
  for (let words = ["mark", ...draft.aliases.mark]; words.length > 0;) {
    const pattern = new RegExp(`\\b(?:${seen.size === 0 ? `${CALLS}|` : ""}${words.join("|")})\\b`, "g");
    for (const word of words) seen.add(word);
    for (const { 0: word, index } of text.matchAll(pattern)) visit(word, index, draft);
    words = [...draft.aliases.mark].filter((word) => !seen.has(word));
  }
  const { uses, reads, registers, dynamic, plugins } = draft;
  const imports = isConftest || registers.length > 0 || plugins.length > 0 ? readImports(text) : [];
  const facts = [uses, reads, registers, dynamic, plugins, imports];
  return facts.some((list) => list.length > 0)
    ? { uses, reads, registers, dynamic, plugins, imports }
    : undefined;
}

function visit(word: string, index: number, draft: Draft): void {
  const node = draft.file.tree.rootNode.descendantForIndex(index, index + word.length);
  if (node?.type !== "identifier" || node.startIndex !== index) return;
  const parent = node.parent;
  if (!parent) return;
  const isMember = parent.type === "attribute" && parent.startIndex !== index;
  if (draft.aliases.mark.has(word) && !isMember) return visitMark(node, draft);
  if (word === "mark" && isMember) {
    const object = parent.childForFieldName("object");
    const holder =
      object?.type === "identifier" ? draft.file.text.slice(object.startIndex, object.endIndex) : "";
    if (draft.aliases.pytest.has(holder)) visitMark(parent, draft);
    return;
  }
  if (word === "pytest_plugins" && parent.type === "assignment") visitPlugins(parent, draft);
  else if (isMember) visitMember(word, parent, draft);
}

/** @param mark `pytest.mark`, or the name it has here. */
function visitMark(mark: Node, draft: Draft): void {
  const { text } = draft.file;
  const parent = mark.parent;
  if (!parent || /import|dotted_name|parameter|keyword_argument|global/.test(parent.type)) {
    // `f(m=pytest.mark)` hands it on, `f(mark=1)` does not.
    if (parent?.type === "keyword_argument" && mark.startIndex !== parent.startIndex) dynamic(mark, draft);
    return;
  }
  if (mark.type === "identifier" && isShadowed(mark, text, draft.shadows)) return;
  if (parent.type === "attribute") {
    const name = parent.childForFieldName("attribute");
    // In a file that does not parse, `pytest.mark.` takes what the next line begins with.
    if (name && !/\.[^\\]*\n/.test(text.slice(mark.endIndex, name.startIndex)))
      use(name, name.startIndex, name.endIndex, draft);
  } else if (parent.type === "assignment") {
    const left = parent.childForFieldName("left");
    if (left?.type === "identifier" && left.startIndex !== mark.startIndex) {
      draft.aliases.mark.add(text.slice(left.startIndex, left.endIndex));
    }
  } else if (parent.type === "argument_list") {
    const literal = /^getattr\b/.test(text.slice(parent.parent?.startIndex ?? 0))
      ? stringAt(parent, 1, text)
      : undefined;
    if (literal && !literal.open) use(mark, literal.start, literal.end, draft);
    else dynamic(mark, draft);
  }
}

function visitMember(word: string, member: Node, draft: Draft): void {
  const { text } = draft.file;
  const outer = member.parent;
  if (word === "keywords") return visitKeywords(member, draft);
  if (outer?.type !== "call" || outer.startIndex !== member.startIndex) return;
  if (word === "addinivalue_line") {
    draft.registers.push(...readRegistrations(outer, { text, find: draft.find }));
    return;
  }
  const list = outer.childForFieldName("arguments");
  const literal = list ? stringAt(list, 0, text) : undefined;
  if (word === "get_closest_marker" || word === "iter_markers") {
    if (literal && !literal.open) read(literal.start, literal.end, draft);
    return;
  }
  if (!isNodeName(member, text)) return;
  if (literal && !literal.open) use(member, literal.start, literal.end, draft);
  else if (list && !/\bmark\b/.test(text.slice(list.startIndex, list.endIndex))) dynamic(member, draft);
}

/** `"slow" in item.keywords`, `item.keywords["slow"]`. */
function visitKeywords(member: Node, draft: Draft): void {
  const { text } = draft.file;
  const outer = member.parent;
  if (!outer || !isNodeName(member, text)) return;
  const asked =
    outer.type === "comparison_operator"
      ? outer.namedChild(0)
      : outer.type === "subscript"
        ? outer.namedChild(1)
        : null;
  const literal = asked ? readLiteral(asked, text) : undefined;
  if (literal && !literal.open) read(literal.start, literal.end, draft);
}

function visitPlugins(assignment: Node, draft: Draft): void {
  const right = assignment.childForFieldName("right");
  const values = right?.type === "list" || right?.type === "tuple" ? right.namedChildren : [right];
  for (const value of values) {
    const literal = value ? readLiteral(value, draft.file.text) : undefined;
    if (literal && !literal.open) draft.plugins.push(literal.text);
  }
}

function stringAt(list: Node, index: number, text: string): ReturnType<typeof readLiteral> {
  const values = list.namedChildren.filter((one) => one.type !== "comment");
  const value = values[index];
  const inner = value?.type === "keyword_argument" ? value.childForFieldName("value") : value;
  return inner ? readLiteral(inner, text) : undefined;
}

function use(at: Node, start: number, end: number, draft: Draft): void {
  const name = draft.file.text.slice(start, end);
  // `pytest.mark.__class__` is Python's, not a marker.
  if (name === "" || name.startsWith("__")) return;
  draft.uses.push({ name, span: draft.find(start, end), ...(isRunLate(at) ? { late: true as const } : {}) });
}

function read(start: number, end: number, draft: Draft): void {
  draft.reads.push({ name: draft.file.text.slice(start, end), span: draft.find(start, end) });
}

function dynamic(at: Node, draft: Draft): void {
  draft.dynamic.push(draft.find(at.startIndex, at.endIndex));
}
