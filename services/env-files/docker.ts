/** `docker run --env-file`: a line is a variable, its value every character behind the first `=`, quotes included. */
import { entryMaker } from "./entry.ts";
import type { EnvComment, EnvEntry, EnvFault, ParsedEnv } from "./env-file.ts";
import { createPositions, isGoSpace, lineEnd, skipSpace } from "./source-text.ts";

/** Go's scanner holds no longer line, its end included. */
const LONGEST_LINE = 65_535;

/** What `docker run --env-file` reads. One faulty line, and it refuses the whole file. */
export function parseDocker(text: string): ParsedEnv {
  const position = createPositions(text);
  const make = entryMaker({ whole: text, text, original: (offset) => offset });
  const entries: EnvEntry[] = [];
  const comments: EnvComment[] = [];
  const faults: EnvFault[] = [];
  for (let from = 0; from < text.length; from = lineEnd(text, from) + 1) {
    const newline = lineEnd(text, from);
    const end = newline > from && text.charAt(newline - 1) === "\r" ? newline - 1 : newline;
    const mark = from === 0 && text.startsWith("\uFEFF") ? 1 : 0;
    const start = skipSpace(text, from + mark, end, isGoSpace);
    const line = text.slice(start, end);
    const fault = faultOf(line, text.slice(from, newline));
    if (fault) faults.push({ ...fault, ...position(start), effect: "file-refused" });
    else if (line.startsWith("#")) comments.push({ ...position(start), text: line });
    else if (line !== "") entries.push(make(statementOf(line, start)));
  }
  return { entries, comments, faults };
}

function statementOf(line: string, start: number) {
  const equals = line.indexOf("=");
  const keyLength = equals === -1 ? line.length : equals;
  const end = start + line.length;
  return {
    key: line.slice(0, keyLength),
    keyStart: start,
    start,
    end,
    exported: false,
    delimiter: equals === -1 ? "" : "=",
    valueStart: equals === -1 ? end : start + equals + 1,
    valueEnd: end,
    value: equals === -1 ? undefined : line.slice(equals + 1),
    quote: "none",
  } as const;
}

function faultOf(line: string, whole: string): Pick<EnvFault, "code" | "expected" | "found"> | undefined {
  if (whole.length * 3 > LONGEST_LINE && new TextEncoder().encode(whole).length > LONGEST_LINE)
    return {
      code: "ENV_LINE_TOO_LONG",
      expected: `lines of at most ${LONGEST_LINE} bytes`,
      found: "a longer one",
    };
  if (line === "" || line.startsWith("#")) return undefined;
  const [key = ""] = line.split("=", 1);
  if (key === "") return { code: "ENV_BAD_KEY", expected: "a key before `=`", found: "none" };
  if (/[ \t]/.test(key))
    return {
      code: "ENV_BAD_KEY",
      expected: "a key without spaces, since quotes, `export` and spaces around `=` are not understood here",
      found: key.startsWith("export") ? "`export` before the key" : "white space in the key, or before `=`",
    };
  return undefined;
}
