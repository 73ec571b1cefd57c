import type { Node, Tree } from "web-tree-sitter";

export interface SyntaxPlace {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** What the parser met there. */
  readonly reason: string;
}

/** An error that covers more is the parser's despair, and what is wrong stands somewhere within. */
const WIDEST = 40;

/** The first place at which a file is no Python; undefined when all of it is. */
export function findSyntaxError(tree: Tree, text: string): SyntaxPlace | undefined {
  let node: Node | undefined = tree.rootNode.hasError ? tree.rootNode : undefined;
  while (node !== undefined) {
    const inner = firstBroken(node);
    if (inner === undefined || (isBroken(node) && linesOf(node) <= WIDEST)) return describe(node, text);
    node = inner;
  }
  return undefined;
}

const isBroken = (node: Node): boolean => node.isError || node.isMissing;

const firstBroken = (node: Node): Node | undefined =>
  node.children.find((child) => child.hasError || isBroken(child));

const linesOf = ({ startPosition, endPosition }: Node): number => endPosition.row - startPosition.row;

function describe(node: Node, text: string): SyntaxPlace {
  const { row, column } = node.startPosition;
  const line = row + 1;
  if (node.isMissing) return { line, column: column + 1, reason: `${JSON.stringify(node.type)} is missing` };
  const found = text.slice(node.startIndex, node.endIndex).split(/\r?\n/, 1)[0]?.trim() ?? "";
  const shown = found.length > SHOWN ? `${found.slice(0, SHOWN)}…` : found;
  return { line, column: column + 1, reason: `this cannot be read: ${shown}` };
}

const SHOWN = 60;
