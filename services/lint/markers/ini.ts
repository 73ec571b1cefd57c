/** One line of a value, without the white space around it. Offsets are UTF-16 indexes. */
export interface IniLine {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export interface IniEntry {
  readonly name: string;
  readonly line: number;
  /** Where the name begins. */
  readonly start: number;
  /** Behind the last thing on the line of the name. */
  readonly end: number;
  readonly lines: readonly IniLine[];
}

export interface IniSection {
  readonly name: string;
  readonly line: number;
  /** Behind the last line that says something. */
  readonly end: number;
  readonly entries: ReadonlyMap<string, IniEntry>;
}

export type Ini =
  | { readonly kind: "parsed"; readonly sections: ReadonlyMap<string, IniSection> }
  | { readonly kind: "fault"; readonly line: number; readonly message: string };

interface Draft {
  readonly name: string;
  readonly line: number;
  end: number;
  readonly entries: Map<string, IniEntry & { readonly lines: IniLine[] }>;
}

/** Python's `str.splitlines`. */
// oxlint-disable-next-line no-control-regex -- Python ends lines at these too
const LINE_END = /\r\n|[\n\r\v\f\u001C-\u001E\u0085\u2028\u2029]/g;

/**
 * INI as pytest's own reader (iniconfig) takes it: no interpolation, no inline comments, lines that are indented
 * continue a value, comments and blank lines in between are skipped, and a name said twice is a fault.
 */
export function parseIni(text: string): Ini {
  const sections = new Map<string, Draft>();
  let section: Draft | undefined;
  let entry: (IniEntry & { readonly lines: IniLine[] }) | undefined;
  let later: Ini | undefined; // iniconfig judges names once all lines are read
  for (const { raw, start, line } of splitLines(text)) {
    const fault = (message: string): Ini => ({ kind: "fault", line, message });
    const kept = /^[^\S\uFEFF]*[#;]/.test(raw) ? "" : trimEnd(raw);
    if (kept === "") continue;
    const header = kept.startsWith("[") ? sectionName(kept) : undefined;
    if (header !== undefined) {
      if (header === "") return fault("empty section name");
      if (sections.has(header)) later ??= fault(`duplicate section '${header}'`);
      section = { name: header, line, end: start + kept.length, entries: new Map() };
      if (!sections.has(header)) sections.set(header, section);
      entry = undefined;
      continue;
    }
    if (section) section.end = start + kept.length;
    if (kept.startsWith("[") || /^[^\S\uFEFF]/.test(kept)) {
      if (!entry) return fault("unexpected value continuation: an indented line without a name before it");
      addLine(entry.lines, kept, start, line, 0);
      continue;
    }
    const split = splitEntry(kept);
    if (!split) return fault(`unexpected line: expected 'name = value', found '${kept}'`);
    entry = { name: split.name, line, start, end: start + kept.length, lines: [] };
    addLine(entry.lines, kept, start, line, split.value);
    if (!section) later ??= fault("no section header defined");
    else if (section.entries.has(split.name)) later ??= fault(`duplicate name '${split.name}'`);
    else section.entries.set(split.name, entry);
  }
  return later ?? { kind: "parsed", sections };
}

/** `[name]`, with a comment behind it at most; anything else in brackets continues a value, strange as it is. */
function sectionName(line: string): string | undefined {
  const bare = trimEnd(line.split(/[#;]/, 1)[0] ?? "");
  return bare.endsWith("]") ? bare.slice(1, -1) : undefined;
}

// A byte order mark is white space to JavaScript, and not to Python.
const isSpace = (character: string | undefined): boolean =>
  character !== "\uFEFF" && /^\s$/.test(character ?? "");

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1])) end--;
  return text.slice(0, end);
}

function trim(text: string): string {
  let start = 0;
  while (start < text.length && isSpace(text[start])) start++;
  return trimEnd(text.slice(start));
}

function splitEntry(line: string): { readonly name: string; readonly value: number } | undefined {
  const equals = line.indexOf("=");
  const colon = line.indexOf(":");
  const at = equals !== -1 && (colon === -1 || colon > equals) ? equals : colon;
  return at === -1 ? undefined : { name: trim(line.slice(0, at)), value: at + 1 };
}

function addLine(lines: IniLine[], kept: string, start: number, line: number, from: number): void {
  const text = trim(kept.slice(from));
  if (text === "") return;
  const begin = start + kept.indexOf(text, from);
  lines.push({ text, start: begin, end: begin + text.length, line });
}

function* splitLines(text: string): Generator<{ raw: string; start: number; line: number }> {
  let start = 0;
  let line = 1;
  for (const match of text.matchAll(LINE_END)) {
    yield { raw: text.slice(start, match.index), start, line };
    start = match.index + match[0].length;
    line++;
  }
  if (start < text.length) yield { raw: text.slice(start), start, line };
}
