/** A name of Python, near enough: what this does not match is left alone. */
export const NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const DOTTED = new RegExp(String.raw`^${NAME}(?:\.${NAME})*$`, "u");
const NAME_OR_ATTRIBUTE = new RegExp(String.raw`(\.\s*)?(${NAME})`, "gu");

/** `a.b.c` as `["a", "b", "c"]`; undefined for anything but names and points. */
export function dotted(text: string): readonly string[] | undefined {
  return DOTTED.test(text) ? text.split(".") : undefined;
}

/** The names in the target of an assignment, and the attributes: `a, b.c` has `a` and `b`, and `.c` of `b`. */
export function targetNames(text: string): { names: string[]; attributes: { of: string; name: string }[] } {
  const names: string[] = [];
  const attributes: { of: string; name: string }[] = [];
  let last = "";
  for (const [, point, name = ""] of text.matchAll(NAME_OR_ATTRIBUTE)) {
    if (point === undefined) names.push(name);
    else attributes.push({ of: last, name });
    last = name;
  }
  return { names, attributes };
}

const LAST_NAME_OF_STRING = new RegExp(String.raw`(${NAME})["']`, "gu");
const KEYWORD = new RegExp(String.raw`(${NAME})\s*=[^=]`, "gu");

/** The last names of the strings in a text: `patch("app.fetch")` has `fetch`. */
export function lastNamesOfStrings(text: string): string[] {
  return [...text.matchAll(LAST_NAME_OF_STRING)].map(([, name = ""]) => name);
}

export function keywords(text: string): string[] {
  return [...text.matchAll(KEYWORD)].map(([, name = ""]) => name);
}

export interface ImportedName {
  /** With its leading points. */
  readonly module: string;
  /** Of `from module import name`. */
  readonly name?: string;
  /** What it is called here; `*` for all. */
  readonly bound: string;
}

/** What an import statement binds. */
export function importedNames(statement: string): readonly ImportedName[] {
  const text = statement
    .replaceAll(/#[^\n]*/g, "")
    .replaceAll(/[()\\]/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  const from = /^from ?(\.[. ]*)?([^ ]*?) ?import(?: |(?=\*))(.*)$/.exec(text);
  if (from === null) return parts(text.replace(/^import /, "")).map(plainImport);
  const module = `${(from[1] ?? "").replaceAll(" ", "")}${from[2] ?? ""}`;
  return parts(from[3] ?? "").map((part) => {
    const [name = "", alias] = part.split(" as ");
    return { module, name, bound: alias ?? name };
  });
}

const parts = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function plainImport(part: string): ImportedName {
  const [name = "", alias] = part.split(" as ");
  const module = name.replaceAll(" ", "");
  // `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
  if (alias !== undefined) return { module, bound: alias };
  const top = module.split(".")[0] ?? module;
  return { module: top, bound: top };
}

/** Words with which a program gives names other values from outside. */
export const REPLACING = /patch|setattr|setitem|stub|flexmock|\bmodules\b|__dict__|\b(?:type|vars)\(/;
