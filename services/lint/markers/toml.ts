/** `key = value`, with the whole path of the key. Offsets are UTF-16 indexes. */
export interface TomlEntry {
  readonly path: readonly string[];
  readonly keyStart: number;
  readonly start: number;
  readonly end: number;
}

/** `[table]`, and the end of the last thing in it. */
export interface TomlTable {
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
}

export interface TomlPositions {
  readonly entries: readonly TomlEntry[];
  readonly tables: readonly TomlTable[];
}

/** Where things stand in a TOML document that a parser has accepted; without that the answer is a guess. */
export function tomlPositions(text: string): TomlPositions {
  const entries: TomlEntry[] = [];
  const tables: { path: readonly string[]; start: number; end: number }[] = [];
  let table: { path: readonly string[]; start: number; end: number } | undefined;
  for (let at = skipBlank(text, 0); at < text.length; at = skipBlank(text, at)) {
    if (text[at] === "[") {
      const brackets = text[at + 1] === "[" ? 2 : 1;
      const key = readKey(text, at + brackets);
      const end = skipSpace(text, key.end) + brackets;
      table = { path: key.path, start: at, end };
      tables.push(table);
      at = end;
      continue;
    }
    const end = readEntry(text, at, table?.path ?? [], entries);
    if (table) table.end = end;
    at = end === at ? at + 1 : end;
  }
  return { entries, tables };
}

/** The elements of an array that stands at `start`; none for anything else. */
export function tomlElements(
  text: string,
  start: number,
): { readonly start: number; readonly end: number }[] {
  const elements: { start: number; end: number }[] = [];
  if (text[start] !== "[") return elements;
  for (let at = skipBlank(text, start + 1); at < text.length && text[at] !== "]"; at = skipBlank(text, at)) {
    const end = skipValue(text, at);
    if (end === at) at++;
    else {
      elements.push({ start: at, end });
      at = end;
    }
  }
  return elements;
}

function readEntry(text: string, at: number, parent: readonly string[], entries: TomlEntry[]): number {
  const key = readKey(text, at);
  const equals = skipSpace(text, key.end);
  if (text[equals] !== "=") return at;
  const start = skipSpace(text, equals + 1);
  const end = skipValue(text, start);
  const path = [...parent, ...key.path];
  entries.push({ path, keyStart: at, start, end });
  if (text[start] === "{") {
    for (let inner = skipBlank(text, start + 1); inner < end - 1; inner = skipBlank(text, inner)) {
      const next = readEntry(text, inner, path, entries);
      inner = next === inner ? inner + 1 : next;
    }
  }
  return end;
}

function readKey(text: string, from: number): { readonly path: string[]; readonly end: number } {
  const path: string[] = [];
  for (let at = skipSpace(text, from); ;) {
    const quote = text[at];
    if (quote === '"' || quote === "'") {
      const end = skipValue(text, at);
      path.push(text.slice(at + 1, end - 1));
      at = end;
    } else {
      const bare = /[\w-]*/y;
      bare.lastIndex = at;
      const name = bare.exec(text)?.[0] ?? "";
      path.push(name);
      at += name.length;
    }
    const dot = skipSpace(text, at);
    if (text[dot] !== ".") return { path, end: at };
    at = skipSpace(text, dot + 1);
  }
}

/** The end of the value at `at`: a string of any kind, an array, a table, or what has no white space in it. */
function skipValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"' || first === "'") return skipString(text, at, first);
  if (first !== "[" && first !== "{") {
    const plain = /[^,\]}#\r\n]*/y;
    plain.lastIndex = at;
    return at + (plain.exec(text)?.[0].trimEnd().length ?? 0);
  }
  let depth = 0;
  for (let index = at; index < text.length; index++) {
    const character = text[index];
    if (character === '"' || character === "'") index = skipString(text, index, character) - 1;
    else if (character === "#") index = lineEnd(text, index);
    else if (character === "[" || character === "{") depth++;
    else if ((character === "]" || character === "}") && --depth === 0) return index + 1;
  }
  return text.length;
}

function skipString(text: string, at: number, quote: string): number {
  const long = quote.repeat(3);
  const close = text.startsWith(long, at) ? long : quote;
  for (let index = at + close.length; index < text.length; index++) {
    if (text[index] === "\\" && quote === '"') index++;
    else if (text.startsWith(close, index)) {
      let end = index + close.length;
      // Up to two quotes may stand before the closing three.
      while (close.length === 3 && text[end] === quote && end < index + 5) end++;
      return end;
    }
  }
  return text.length;
}

/** White space, line ends, comments and the commas between elements. */
function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    if (/[\s,]/.test(text[at] ?? "")) at++;
    else if (text[at] === "#") at = lineEnd(text, at);
    else return at;
  }
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at++;
  return at;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}
