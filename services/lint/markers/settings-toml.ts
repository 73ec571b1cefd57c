import { createLineFinder } from "./lines.ts";
import { shellWords } from "./options.ts";
import {
  type ConfigurationFault,
  isYes,
  markerName,
  type PytestSettings,
  type RegisteredMarker,
} from "./settings.ts";
import { registrationInToml, removalInToml } from "./edit-toml.ts";
import { tomlElements, type TomlPositions } from "./toml.ts";

export interface TomlText {
  readonly file: string;
  readonly text: string;
  /** Of the table: `tool`, `pytest`, `ini_options`. */
  readonly path: readonly string[];
  readonly positions: TomlPositions;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * What a TOML table says to pytest.
 * @param native `[tool.pytest]` and `pytest.toml` hold values of TOML's own types; `ini_options` takes strings or lists.
 */
export function tomlSettings(source: TomlText, values: Values, native: boolean): PytestSettings {
  const { file, text, path, positions } = source;
  const find = createLineFinder(text);
  const table = positions.tables.find((one) => samePath(one.path, path));
  const entryOf = (name: string) => positions.entries.find((one) => samePath(one.path, [...path, name]));
  const lineOf = (name: string): number => find(entryOf(name)?.keyStart ?? table?.start ?? 0, 0).line;
  const faults: ConfigurationFault[] = [];
  const fault = (name: string, expected: string): void => {
    const message = `${name}: expected ${expected}, found ${describe(values[name])}`;
    faults.push({ file, line: lineOf(name), message });
  };

  const list = (name: string, split: (value: string) => readonly string[]): readonly string[] => {
    const value = values[name];
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
    if (!native && typeof value === "string") return split(value);
    fault(name, native ? "a list of strings" : "a string or a list of strings");
    return [];
  };
  const yes = (name: string): boolean | undefined => {
    const value = values[name];
    if (value === undefined || typeof value === "boolean") return value;
    if (!native) return value === 1 || (typeof value === "string" && isYes(value));
    fault(name, "true or false");
    return undefined;
  };

  const lines = list("markers", (value) => value.split("\n").flatMap((line) => line.trim() || []));
  const entry = entryOf("markers");
  const elements = entry ? tomlElements(text, entry.start) : [];
  const places = elements.length === lines.length ? elements : [];
  const whole = { start: entry?.start ?? 0, end: entry?.end ?? 0 };
  const markers = lines.map((line, index): RegisteredMarker => {
    const { start, end } = places[index] ?? findLine(text, whole, line);
    return { name: markerName(line), line, file, span: find(start, end) };
  });
  const strict = yes("strict");
  const strictMarkers = yes("strict_markers");
  return {
    file,
    section: `[${path.join(".")}]`,
    line: find(table?.start ?? 0, 0).line,
    markers,
    options: list("addopts", (value) => shellWords(value) ?? []),
    optionsLine: lineOf("addopts"),
    ...(strict === undefined ? {} : { strict }),
    ...(strictMarkers === undefined ? {} : { strictMarkers }),
    testPaths: list("testpaths", (value) => shellWords(value) ?? []),
    faults,
    register: (added, keeps) =>
      registrationInToml({ file, text, entry, table, last: markers.findLast(keeps) }, added),
    remove: (marker) => removalInToml(file, text, marker.span),
  };
}

/** A line of a string of several lines. */
function findLine(
  text: string,
  whole: { start: number; end: number },
  line: string,
): { start: number; end: number } {
  const at = text.slice(whole.start, whole.end).indexOf(line);
  return at === -1 ? whole : { start: whole.start + at, end: whole.start + at + line.length };
}

const samePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((part, index) => part === b[index]);

function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list with something else in it";
  if (typeof value === "object") return "a table";
  return typeof value === "string" ? "a string" : `a ${typeof value}`;
}
