import type { Node } from "web-tree-sitter";
import { type Binding, bind, OTHER, type Scope } from "./scopes.ts";
import { dotted, targetNames } from "./text.ts";

/**
 * Binds the parameters of a function. `receiver`: what its first one is, when it is a method.
 * @param text Of the parameters, with their parentheses. @param node Asked for only when there is more than names in them.
 */
export function bindParameters(scope: Scope, text: string, node: () => Node, receiver?: Binding): void {
  if (text === "()") return;
  if (!/[:=(#]/.test(text.slice(1))) {
    const { names } = targetNames(text);
    for (const [index, name] of names.entries()) bindParameter(scope, name, index, receiver);
    return;
  }
  const { startIndex } = node();
  const written = (one: Node | null): string =>
    one === null ? "" : text.slice(one.startIndex - startIndex, one.endIndex - startIndex);
  const parameters = node().namedChildren.filter(({ type }) => type !== "comment");
  for (const [index, parameter] of parameters.entries()) {
    const { type } = parameter;
    if (type === "identifier") bindParameter(scope, written(parameter), index, receiver);
    else if (type === "typed_parameter" || type === "typed_default_parameter") {
      const name =
        type === "typed_parameter" ? parameter.firstNamedChild : parameter.childForFieldName("name");
      const annotation = plainAnnotation(written(parameter.childForFieldName("type")));
      if (name?.type !== "identifier")
        for (const one of targetNames(written(name)).names) bind(scope, one, OTHER);
      else if (index === 0 && receiver !== undefined) bind(scope, written(name), receiver);
      else
        bind(scope, written(name), {
          kind: "parameter",
          ...(annotation === undefined ? {} : { annotation }),
        });
    } else {
      const name = type === "default_parameter" ? parameter.childForFieldName("name") : parameter;
      for (const one of targetNames(written(name)).names) bind(scope, one, OTHER);
    }
  }
}

function bindParameter(scope: Scope, name: string, index: number, receiver: Binding | undefined): void {
  bind(scope, name, index === 0 && receiver !== undefined ? receiver : OTHER);
}

/** A dotted name, or one in quotes: nothing that may be something else too. */
function plainAnnotation(text: string): string | undefined {
  const bare = text.replace(/^(["'])(.*)\1$/, "$2");
  return dotted(bare) === undefined ? undefined : bare;
}
