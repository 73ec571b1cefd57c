import type { Node } from "web-tree-sitter";
import type { Span } from "../python/source-file.ts";
import { boundStrings } from "./bindings.ts";
import type { MarkerRegistration } from "./facts.ts";
import { readLiteral } from "./literals.ts";
import { markerName } from "./settings.ts";

export interface RegistrationContext {
  readonly text: string;
  readonly find: (start: number, end: number) => Span;
}

/** What `config.addinivalue_line("markers", …)` registers; nothing for other settings than `markers`. */
export function readRegistrations(
  call: Node,
  { text, find }: RegistrationContext,
): readonly MarkerRegistration[] {
  const [setting, line] =
    call.childForFieldName("arguments")?.namedChildren.filter((one) => one.type !== "comment") ?? [];
  if (!setting || readLiteral(setting, text)?.text !== "markers") return [];
  const value = line?.type === "keyword_argument" ? line.childForFieldName("value") : line;
  if (!value) return [];
  const span = find(value.startIndex, value.endIndex);
  return namesOf(value, text).map(({ name, prefix }) =>
    name === undefined ? { prefix: prefix ?? "", span } : { name, span },
  );
}

type Name = Pick<MarkerRegistration, "name" | "prefix">;

function namesOf(value: Node, text: string): readonly Name[] {
  const literal = readLiteral(value, text);
  if (literal) {
    if (!literal.open || /[:(]/.test(literal.text)) return [{ name: markerName(literal.text) }];
    // f"{name}: …": the name may come from a loop over what is written down.
    const first = literal.text === "" ? interpolated(value) : null;
    const names = first && boundStrings(first, text);
    return names ? names.map((name) => ({ name: markerName(name) })) : [{ prefix: literal.text.trim() }];
  }
  const names = value.type === "identifier" ? boundStrings(value, text) : undefined;
  return names ? names.map((name) => ({ name: markerName(name) })) : [{ prefix: "" }];
}

function interpolated(value: Node): Node | null {
  const string = value.type === "concatenated_string" ? value.namedChild(0) : value;
  const hole = string?.namedChildren.find((one) => one.type === "interpolation");
  const inner = hole?.namedChild(0);
  return inner?.type === "identifier" ? inner : null;
}
