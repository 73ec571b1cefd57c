import type { Edit } from "../python/source-file.ts";
import type { IniEntry, IniSection } from "./ini.ts";
import { createLineFinder } from "./lines.ts";
import { shellWords } from "./options.ts";
import { isYes, markerName, type PytestSettings, type RegisteredMarker } from "./settings.ts";

interface IniText {
  readonly file: string;
  readonly text: string;
  readonly section: string;
}

/** What a section of an INI file says to pytest. Without the section: what an empty `pytest.ini` says. */
export function iniSettings(source: IniText, section: IniSection | undefined): PytestSettings {
  const { file, text } = source;
  const find = createLineFinder(text);
  const entries: ReadonlyMap<string, IniEntry> = section?.entries ?? new Map<string, IniEntry>();
  const value = (name: string): string | undefined =>
    entries
      .get(name)
      ?.lines.map((line) => line.text)
      .join("\n");
  const markers = (entries.get("markers")?.lines ?? []).map((line): RegisteredMarker => {
    const span = { ...find(line.start, line.end), line: line.line };
    return { name: markerName(line.text), line: line.text, file, span };
  });
  const options = shellWords(value("addopts") ?? "");
  const optionsLine = entries.get("addopts")?.line ?? 1;
  const strict = value("strict");
  const strictMarkers = value("strict_markers");
  return {
    file,
    section: `[${source.section}]`,
    line: section?.line ?? 1,
    markers,
    options: options ?? [],
    optionsLine,
    ...(strict === undefined ? {} : { strict: isYes(strict) }),
    ...(strictMarkers === undefined ? {} : { strictMarkers: isYes(strictMarkers) }),
    testPaths: shellWords(value("testpaths") ?? "") ?? [],
    faults: options
      ? []
      : [{ file, line: optionsLine, message: "addopts: expected a closing quote, found none" }],
    register: (lines, keeps) => [registration(source, section, markers.findLast(keeps), lines)],
    remove: (marker) => removal(source, marker),
  };
}

/** Behind the last marker that stays, as indented as it is. */
function registration(
  { file, text, section: name }: IniText,
  section: IniSection | undefined,
  last: RegisteredMarker | undefined,
  lines: readonly string[],
): Edit {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const insert = (at: number, added: string): Edit => ({ file, start: at, end: at, text: added });
  if (last) {
    const before = text.slice(text.lastIndexOf("\n", last.span.start - 1) + 1, last.span.start);
    const indent = before !== "" && before.trim() === "" ? before : "    ";
    return insert(last.span.end, lines.map((line) => `${end}${indent}${line}`).join(""));
  }
  const block = lines.map((line) => `${end}    ${line}`).join("");
  const empty = section?.entries.get("markers");
  if (empty) return insert(empty.end, block);
  if (section) return insert(section.end, `${end}markers =${block}`);
  const gap = text === "" || text.endsWith("\n") ? "" : end;
  return insert(text.length, `${gap}[${name}]${end}markers =${block}${end}`);
}

function removal({ file, text }: IniText, marker: RegisteredMarker): Edit {
  const { start, end } = marker.span;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  if (text.slice(lineStart, start).trim() !== "") return { file, start, end, text: "" };
  const next = text.indexOf("\n", end);
  return { file, start: lineStart, end: next === -1 ? text.length : next + 1, text: "" };
}
