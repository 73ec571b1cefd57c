import type { Node } from "web-tree-sitter";

/** The text of a string that is written down, as far as it is. Offsets are those of what is between the quotes. */
export interface Literal {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Something is computed behind it. */
  readonly open?: true;
}

const OPENING = /^([A-Za-z]*)("""|'''|"|')/;

/** Reads `"a"`, `"a" "b"`, `f"a{b}"`, `"a" + b` and parentheses around them; `undefined` for anything else. */
export function readLiteral(node: Node, text: string): Literal | undefined {
  switch (node.type) {
    case "string":
      return readString(node, text);
    case "parenthesized_expression": {
      const inner = node.namedChild(0);
      return inner ? readLiteral(inner, text) : undefined;
    }
    case "concatenated_string":
      return join(node.namedChildren, text);
    case "binary_operator": {
      const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
      const first =
        left && node.childForFieldName("operator")?.type === "+" ? readLiteral(left, text) : undefined;
      return first && right ? join([left, right], text) : undefined;
    }
    default:
      return undefined;
  }
}

function readString(node: Node, text: string): Literal | undefined {
  const { startIndex, endIndex } = node;
  const opening = OPENING.exec(text.slice(startIndex, startIndex + 8));
  if (!opening) return undefined;
  const [whole, prefix = "", quote = ""] = opening;
  const start = startIndex + whole.length;
  const end = endIndex - quote.length;
  const body = text.slice(start, end);
  if (!/[ft]/i.test(prefix)) return { text: body, start, end };
  const hole = /(?<!\{)\{(?!\{)/.exec(body)?.index;
  return hole === undefined
    ? { text: body, start, end }
    : { text: body.slice(0, hole), start, end, open: true };
}

function join(nodes: readonly (Node | null)[], text: string): Literal | undefined {
  let whole: Literal | undefined;
  for (const node of nodes) {
    const part = node ? readLiteral(node, text) : undefined;
    if (!part) return whole && { ...whole, open: true };
    whole = whole ? { ...part, text: whole.text + part.text, start: whole.start } : part;
    if (part.open) return whole;
  }
  return whole;
}
