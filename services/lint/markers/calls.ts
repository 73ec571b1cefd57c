import { shellWords } from "./options.ts";

/** A line in a workflow, a Makefile, a script that calls pytest. */
export interface PytestCall {
  readonly file: string;
  readonly line: number;
  /** Behind `pytest`; what a shell would fill in is left as it is written. */
  readonly words: readonly string[];
}

const PROGRAM = /(?<![\w./$-])(?:pytest|py\.test)(?![\w./:=-])/g;

/** A longer line is data, not a command. */
const LONGEST = 20_000;

/** Finds where a file calls pytest. Read as text: each CI system wraps the same shell lines in its own way. */
export function findCalls({
  path: file,
  text,
}: {
  readonly path: string;
  readonly text: string;
}): PytestCall[] {
  const calls: PytestCall[] = [];
  for (const { line, number } of logicalLines(text)) {
    if (line.length > LONGEST || /^\s*(?:#|-?\s*name:|echo\b)/.test(line)) continue;
    for (const match of line.matchAll(PROGRAM)) {
      const words = argumentsAt(line, match.index, match[0].length);
      if (words) calls.push({ file, line: number, words });
    }
  }
  return calls;
}

/** Lines that a backslash, a folded block of YAML or a list of arguments (`"pytest",`) continues, as one. */
function* logicalLines(text: string): Generator<{ line: string; number: number }> {
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const number = index + 1;
    let line = lines[index] ?? "";
    const indent = indentOf(line);
    const goesOn = (): boolean => index + 1 < lines.length && line.length < LONGEST;
    if (line.length < LONGEST && /:\s*>[-+\d]*\s*$/.test(line)) {
      while (goesOn() && (lines[index + 1]?.trim() === "" || indentOf(lines[index + 1] ?? "") > indent)) {
        line += ` ${(lines[++index] ?? "").trim()}`;
      }
    }
    while (line.endsWith("\\") && goesOn()) line = `${line.slice(0, -1)} ${(lines[++index] ?? "").trim()}`;
    while (goesOn() && /(["'])(?:pytest|py\.test)\1.*,\s*$/.test(line)) {
      line = `${line.trimEnd()} ${(lines[++index] ?? "").trim()}`;
    }
    yield { line, number };
  }
}

const indentOf = (line: string): number => /^\s*/.exec(line)?.[0].length ?? 0;

function argumentsAt(line: string, start: number, length: number): readonly string[] | undefined {
  const rest = line.slice(start + length);
  const before = line[start - 1] ?? "";
  // ["pytest", "-m", "slow"]
  if ((before === '"' || before === "'") && rest.startsWith(before)) {
    return [...rest.slice(1).matchAll(/\s*,\s*(["'])(.*?)(?<!\\)\1/g)].map((match) => match[2] ?? "");
  }
  const quote = openQuote(line.slice(0, start));
  return shellWords(command(quote === undefined ? rest : unquoted(rest, quote)));
}

/** The quote that a JSON or YAML string around the command begins with. */
function openQuote(before: string): '"' | "'" | undefined {
  const bare = before.replaceAll(/\\./g, "");
  for (const quote of ['"', "'"] as const) {
    if (bare.split(quote).length % 2 === 0) return quote;
  }
  return undefined;
}

function unquoted(rest: string, quote: string): string {
  const closed =
    new RegExp(`^((?:[^\\\\${quote}]|\\\\.|${quote === "'" ? "''" : "(?!)"})*)${quote}`).exec(rest)?.[1] ??
    rest;
  return quote === '"' ? closed.replaceAll('\\"', '"') : closed.replaceAll("''", "'");
}

/** Up to what ends a command: a pipe, a second command, a redirection, a comment. */
function command(rest: string): string {
  const filled = rest.replaceAll(/\{posargs:([^}]*)\}/g, "$1");
  const end = /^(?:[^"'\\;&|<>#)`]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|(?<=\S)#)*/.exec(filled);
  return end?.[0] ?? "";
}
