/** A marker that an expression names, and where (from 0). */
export interface ExpressionName {
  readonly name: string;
  readonly at: number;
}

export type Expression =
  | { readonly kind: "names"; readonly names: readonly ExpressionName[] }
  /** pytest refuses it; the column is from 1. */
  | { readonly kind: "fault"; readonly column: number; readonly message: string };

type TokenKind = "(" | ")" | "=" | "," | "or" | "and" | "not" | "name" | "string" | "end";

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

class ExpressionFault extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads what follows `-m` as pytest does: names with `and`, `or`, `not` and parentheses, and `name(argument=value)`.
 * @param keywords whether arguments are known: pytest 8.3 and later.
 */
export function parseExpression(text: string, keywords = true): Expression {
  try {
    const list = tokens(text);
    let depth = 0;
    for (const { kind, at } of list) {
      depth += Number(kind === "(") - Number(kind === ")");
      if (depth > DEEPEST) throw new ExpressionFault(at, "too many parentheses");
    }
    const reader = createReader(list);
    const names: ExpressionName[] = [];
    if (reader.peek().kind !== "end") {
      readOr(reader, names, keywords);
      reader.take("end");
    }
    return { kind: "names", names };
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error;
    return { kind: "fault", column: error.at + 1, message: error.message };
  }
}

/** Python gives up at about as many. */
const DEEPEST = 200;

const WORD = /(?::?[\p{L}\p{N}\p{M}_]|[:+\-.[\]\\/])+/uy;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const push = (kind: TokenKind, length: number): void => {
    found.push({ kind, text: text.slice(at, at + length), at });
    at += length;
  };
  while (at < text.length) {
    const character = text[at] ?? "";
    if (character === " " || character === "\t") at++;
    else if (character === "(" || character === ")" || character === "=" || character === ",")
      push(character, 1);
    else if (character === '"' || character === "'") {
      const close = text.indexOf(character, at + 1);
      if (close === -1) throw new ExpressionFault(at, `the closing ${character} is missing`);
      push("string", close + 1 - at);
    } else {
      WORD.lastIndex = at;
      const word = WORD.exec(text)?.[0];
      if (word === undefined) throw new ExpressionFault(at, `unexpected character ${character}`);
      push(word === "or" || word === "and" || word === "not" ? word : "name", word.length);
    }
  }
  push("end", 0);
  return found;
}

interface Reader {
  readonly peek: () => Token;
  /** The next one, if it is of that kind. */
  readonly accept: (kind: TokenKind) => Token | undefined;
  readonly take: (kind: TokenKind, expected?: string) => Token;
}

function createReader(list: readonly Token[]): Reader {
  let index = 0;
  const end: Token = list.at(-1) ?? { kind: "end", text: "", at: 0 };
  const peek = (): Token => list[index] ?? end;
  const accept = (kind: TokenKind): Token | undefined =>
    peek().kind === kind ? (list[index++] ?? end) : undefined;
  const take = (kind: TokenKind, expected: string = told(kind)): Token => {
    const token = accept(kind);
    if (!token)
      throw new ExpressionFault(peek().at, `expected ${expected}, found ${peek().text || told(peek().kind)}`);
    return token;
  };
  return { peek, accept, take };
}

const told = (kind: TokenKind): string =>
  ({ end: "the end", name: "a marker", string: "a string" })[kind as "end"] ?? kind;

function readOr(reader: Reader, names: ExpressionName[], keywords: boolean): void {
  do {
    do readNot(reader, names, keywords);
    while (reader.accept("and"));
  } while (reader.accept("or"));
}

function readNot(reader: Reader, names: ExpressionName[], keywords: boolean): void {
  // A loop, so that no number of `not` is too deep.
  while (reader.accept("not"));
  if (reader.accept("(")) {
    readOr(reader, names, keywords);
    reader.take(")");
    return;
  }
  const { text: name, at } = reader.take("name", "not, ( or a marker");
  names.push({ name, at });
  if (!keywords || !reader.accept("(")) return;
  do readKeyword(reader);
  while (reader.accept(","));
  reader.take(")");
}

function readKeyword(reader: Reader): void {
  const key = reader.take("name", "the name of an argument");
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(key.text))
    throw new ExpressionFault(key.at, `${key.text} is no name of an argument`);
  reader.take("=");
  if (reader.accept("string")) return;
  const value = reader.take("name", "a value");
  if (!/^(?:-?\d+|True|False|None)$/.test(value.text)) {
    throw new ExpressionFault(
      value.at,
      `expected a string, a whole number, True, False or None, found ${value.text}`,
    );
  }
}
