import type { EnvReference } from "./env-file.ts";
import { lineEnd } from "./source-text.ts";

/** Compose refuses the whole file for it. */
export interface BadReference {
  readonly bad: string;
}

export type ComposeParts = readonly (string | EnvReference)[] | BadReference;

export const isBadReference = (parts: ComposeParts): parts is BadReference => "bad" in parts;

const NAMED = /[_a-z][_a-z0-9]*/iy;
const BRACED = /([_a-z][_a-z0-9]*)(:?[-+?])?/iy;

/**
 * The pieces of a value as Compose replaces them: `$NAME`, `${NAME}` and the operators of a shell; `$$` is `$`, and a `$`
 * before anything else stays. Fallbacks can hold references of their own, which are replaced when they are needed.
 */
export function composeReferences(text: string): ComposeParts {
  if (!text.includes("$")) return [text];
  const parts: (string | EnvReference)[] = [];
  let literal = "";
  const push = (reference: EnvReference) => {
    if (literal !== "") parts.push(literal);
    literal = "";
    parts.push(reference);
  };
  let at = 0;
  for (let dollar = text.indexOf("$"); dollar !== -1; dollar = text.indexOf("$", at)) {
    literal += text.slice(at, dollar);
    const follower = text.charAt(dollar + 1);
    if (follower === "$") {
      literal += "$";
      at = dollar + 2;
    } else if (follower === "{") {
      const reference = braced(text, dollar);
      if (reference === undefined) return { bad: "`${` that no reference follows" };
      push(reference);
      at = dollar + reference.raw.length;
    } else {
      const name = matchAt(NAMED, text, dollar + 1)?.[0] ?? "";
      if (name === "") literal += "$";
      else push({ name, raw: `$${name}` });
      at = dollar + 1 + name.length;
    }
  }
  literal += text.slice(at);
  if (literal !== "" || parts.length === 0) parts.push(literal);
  return parts;
}

function braced(text: string, dollar: number): EnvReference | undefined {
  const match = matchAt(BRACED, text, dollar + 2);
  if (!match) return undefined;
  const [whole, name = "", operator] = match;
  const start = dollar + 2 + whole.length;
  if (operator === undefined)
    return text.charAt(start) === "}" ? { name, raw: text.slice(dollar, start + 1) } : undefined;
  const end = closing(text, dollar);
  if (end === undefined) return undefined;
  return {
    name,
    raw: text.slice(dollar, end + 1),
    operator: operator as NonNullable<EnvReference["operator"]>,
    fallback: text.slice(start, end),
  };
}

/** The brace that closes the reference: where as many are closed as opened, else the last of the line. */
function closing(text: string, dollar: number): number | undefined {
  let open = 0;
  for (let at = dollar; at < text.length && text.charAt(at) !== "\n"; at++) {
    const character = text.charAt(at);
    if (character === "}" && --open === 0) return at;
    if (character !== "{") continue;
    open++;
    // As Compose: what follows an opening brace is not looked at here.
    if (text.charAt(at + 1) !== "\n") at++;
  }
  const last = text.lastIndexOf("}", lineEnd(text, dollar));
  return last > dollar ? last : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
