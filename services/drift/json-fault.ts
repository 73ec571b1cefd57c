import type { Misfit } from "./misread.ts";

export type JsonFault = Misfit & Required<Pick<Misfit, "line" | "column">>;

/** Blanks, then one token. */
const TOKEN =
  // oxlint-disable-next-line no-control-regex
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/**
 * Where a text stops being JSON; undefined when it is JSON. `JSON.parse` gives a place for some mistakes alone, and
 * quotes the text, which may be a secret.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    try {
      return locate(text);
    } catch {
      // A text of megabytes may be too long for a pattern.
      return { line: 1, column: 1, expected: "JSON", found: "something else" };
    }
  }
}

type Expecting = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma or end";

const WORDS: Readonly<Record<Expecting, string>> = {
  value: "a value",
  "value or ]": "a value or `]`",
  key: "a key in double quotes",
  "key or }": "a key in double quotes or `}`",
  colon: "`:`",
  "comma or end": "`,` or the end of the object or list",
};

function locate(text: string): JsonFault {
  const open: ("{" | "[")[] = [];
  let expecting: Expecting = "value";
  let offset = 0;
  let ended = false;
  for (;;) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(text);
    const at =
      offset + (/^[ \t\r\n]*/.exec(text.slice(offset, match ? TOKEN.lastIndex : undefined))?.[0].length ?? 0);
    if (match === null || ended) {
      const atEnd = at >= text.length;
      return faultAt(
        text,
        at,
        ended ? "nothing more" : wordsOf(expecting, open.at(-1)),
        atEnd ? "the end of the file" : "something else",
      );
    }
    const [, mark, quoted] = match;
    const next = follow(expecting, mark, quoted !== undefined, open);
    if (next === undefined)
      return faultAt(
        text,
        at,
        wordsOf(expecting, open.at(-1)),
        mark === undefined ? "something else" : `\`${mark}\``,
      );
    expecting = next;
    ended = open.length === 0 && next === "comma or end";
    offset = TOKEN.lastIndex;
  }
}

/** What may come next; undefined when this may not come here. Keeps `open` up to date. */
function follow(
  expecting: Expecting,
  mark: string | undefined,
  quoted: boolean,
  open: ("{" | "[")[],
): Expecting | undefined {
  const inside = open.at(-1);
  const closes = (mark === "}" && inside === "{") || (mark === "]" && inside === "[");
  if (closes && (expecting === "comma or end" || expecting.endsWith(mark ?? " "))) {
    open.pop();
    return "comma or end";
  }
  if (expecting === "colon") return mark === ":" ? "value" : undefined;
  if (expecting === "comma or end") return mark === "," ? (inside === "{" ? "key" : "value") : undefined;
  if (expecting === "key" || expecting === "key or }") return quoted ? "colon" : undefined;
  if (mark === "{" || mark === "[") {
    open.push(mark);
    return mark === "{" ? "key or }" : "value or ]";
  }
  return mark === undefined ? "comma or end" : undefined;
}

const wordsOf = (expecting: Expecting, inside: "{" | "[" | undefined): string =>
  expecting === "comma or end" && inside !== undefined
    ? `\`,\` or \`${inside === "{" ? "}" : "]"}\``
    : WORDS[expecting];

function faultAt(text: string, offset: number, expected: string, found: string): JsonFault {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1, expected, found };
}
