/** What command line options of pytest say about markers. */
export interface PytestOptions {
  readonly strictMarkers: boolean;
  readonly strict: boolean;
  /** Of `-m`, in order. */
  readonly expressions: readonly string[];
  /** Of `-p`, without `no:`. */
  readonly plugins: readonly string[];
  readonly config?: string;
  readonly rootdir?: string;
}

const WITH_VALUE: Readonly<Record<string, string>> = {
  "-c": "config",
  "--config-file": "config",
  "--rootdir": "rootdir",
};
/** Letters that may stand before `m` in one word: `-qm slow`. */
const EXPRESSION = /^-[qvsxl]*m(.*)$/s;

/** @param words as the shell hands them over, without the program. */
export function readOptions(words: readonly string[]): PytestOptions {
  const expressions: string[] = [];
  const plugins: string[] = [];
  const single: { config?: string; rootdir?: string } = {};
  const flags = new Set<string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const [name, value] = splitOnce(word, "=");
    const key = WITH_VALUE[name];
    const expression = EXPRESSION.exec(word)?.[1];
    if (word === "--") break;
    if (expression !== undefined) expressions.push(expression === "" ? (words[++index] ?? "") : expression);
    else if (/^-p./.test(word)) plugins.push(word.slice(2));
    else if (word === "-p") plugins.push(words[++index] ?? "");
    else if (key === "config" || key === "rootdir") single[key] = value ?? words[++index] ?? "";
    else if (word === "-o" || word === "--override-ini")
      flags.add(`-o ${(words[++index] ?? "").toLowerCase()}`);
    else flags.add(word);
  }
  return {
    strictMarkers: flags.has("--strict-markers") || flags.has("-o strict_markers=true"),
    strict: flags.has("--strict") || flags.has("-o strict=true"),
    expressions,
    plugins: plugins.filter((name) => name !== "" && !name.startsWith("no:")),
    ...single,
  };
}

/** Words as Python's `shlex.split` makes them; `undefined` when a quote or a backslash is left open. */
export function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'" || character === '"') {
      const part = quoted(text, at, character);
      if (!part) return undefined;
      word = (word ?? "") + part.text;
      at = part.end;
    } else if (character === "\\") {
      if (at + 1 === text.length) return undefined;
      word = (word ?? "") + (text[++at] ?? "");
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function quoted(text: string, start: number, quote: string): { text: string; end: number } | undefined {
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === quote) return { text: value, end: at };
    const escapes = quote === '"' && character === "\\" && /["\\]/.test(text[at + 1] ?? "");
    value += escapes ? (text[++at] ?? "") : character;
  }
  return undefined;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
