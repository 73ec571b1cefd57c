import type { Node } from "web-tree-sitter";

/** Whether this is evaluated when a function is called, not when its module is loaded. */
export function isRunLate(node: Node): boolean {
  let inner = node;
  for (let outer = inner.parent; outer; outer = inner.parent) {
    const isFunction = outer.type === "function_definition" || outer.type === "lambda";
    // Defaults are evaluated with the definition; only what stands last, the body, is not.
    if (isFunction && inner.endIndex === outer.endIndex && inner.type !== "lambda_parameters") return true;
    inner = outer;
  }
  return false;
}

const SCOPE = /^(?:function_definition|lambda|generator_expression|\w+_comprehension)$/;

/** Answers by node and word: a long function is read once, however many markers are in it. */
export type Shadows = Map<string, boolean>;

/** Whether a function around it gives the name another meaning: `for mark in item.iter_markers(): mark.name`. */
export function isShadowed(name: Node, text: string, known: Shadows): boolean {
  const word = text.slice(name.startIndex, name.endIndex);
  const binding = new RegExp(
    `\\b(?:for|as)\\s+(?:\\w+\\s*,\\s*)*${word}\\b|\\b${word}\\s*(?::=|=[^=])|\\blambda\\b[^:]*\\b${word}\\b`,
  );
  for (let outer = name.parent; outer; outer = outer.parent) {
    if (!SCOPE.test(outer.type)) continue;
    const key = `${outer.id} ${word}`;
    let shadows = known.get(key);
    if (shadows === undefined) {
      const parameters = outer.childForFieldName("parameters");
      const listed = parameters ? text.slice(parameters.startIndex, parameters.endIndex) : "";
      const isParameter = new RegExp(`\\b${word}\\b(?!\\.)`).test(listed);
      shadows = isParameter || binding.test(text.slice(outer.startIndex, outer.endIndex));
      known.set(key, shadows);
    }
    if (shadows) return true;
  }
  return false;
}

/** Whether `x.add_marker` or `x.keywords` is said of a test: other things have members of these names too. */
export function isNodeName(member: Node, text: string): boolean {
  const object = member.childForFieldName("object");
  if (!object) return false;
  const said = text.slice(object.startIndex, object.endIndex);
  if (/(?:item|node|function|test|request)s?(?:\[[^\]]*\])?$/i.test(said)) return true;
  return (
    /^\w+$/.test(said) &&
    new RegExp(`\\bfor\\s+(?:\\w+\\s*,\\s*)*${said}\\s+in\\b[^:\\n]*\\bitems\\b`).test(text)
  );
}
