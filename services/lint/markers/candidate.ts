import { parse, TomlError } from "smol-toml";
import { parseIni } from "./ini.ts";
import { iniSettings } from "./settings-ini.ts";
import { tomlSettings } from "./settings-toml.ts";
import type { ConfigurationFault, PytestSettings } from "./settings.ts";
import { tomlPositions } from "./toml.ts";
import { hasFeature } from "./version.ts";

/** The names pytest looks for in a folder, in its order. */
export const CONFIGURATION_NAMES = [
  "pytest.toml",
  ".pytest.toml",
  "pytest.ini",
  ".pytest.ini",
  "pyproject.toml",
  "tox.ini",
  "setup.cfg",
] as const;

/** A file that may hold pytest's configuration. */
export interface ConfigurationText {
  /** Relative to the folder that is linted, with `/`; `../` for the folders above. */
  readonly path: string;
  /** Decoded as UTF-8, as pytest does. */
  readonly text: string;
}

/** What one file is to one version of pytest. */
export type Candidate =
  | { readonly kind: "settings"; readonly settings: PytestSettings }
  /** Nothing for pytest in it: it looks on. */
  | { readonly kind: "other" }
  /** pytest ends here with an error. */
  | { readonly kind: "fault"; readonly fault: ConfigurationFault };

const OTHER: Candidate = { kind: "other" };

/** Reads one file as that version of pytest does. */
export function readCandidate(source: ConfigurationText, version: string): Candidate {
  const name = source.path.slice(source.path.lastIndexOf("/") + 1);
  if (name.endsWith(".ini")) return readIni(source, name, version);
  if (name.endsWith(".cfg")) return readCfg(source);
  return name.endsWith(".toml") ? readToml(source, name, version) : OTHER;
}

function readIni({ path, text }: ConfigurationText, name: string, version: string): Candidate {
  if (name === ".pytest.ini" && !hasFeature(version, "hiddenIni")) return OTHER;
  const ini = parseIni(text);
  if (ini.kind === "fault") return faultAt(path, ini.line, ini.message);
  const section = ini.sections.get("pytest");
  const always = name === "pytest.ini" || (name === ".pytest.ini" && hasFeature(version, "emptyHiddenIni"));
  if (!section && !always) return OTHER;
  return { kind: "settings", settings: iniSettings({ file: path, text, section: "pytest" }, section) };
}

function readCfg({ path, text }: ConfigurationText): Candidate {
  const ini = parseIni(text);
  if (ini.kind === "fault") return faultAt(path, ini.line, ini.message);
  const section = ini.sections.get("tool:pytest");
  if (section) {
    return { kind: "settings", settings: iniSettings({ file: path, text, section: "tool:pytest" }, section) };
  }
  const old = ini.sections.get("pytest");
  if (!old) return OTHER;
  return faultAt(
    path,
    old.line,
    "expected [tool:pytest], found [pytest], which pytest refuses in a .cfg file",
  );
}

function readToml({ path: file, text }: ConfigurationText, name: string, version: string): Candidate {
  const own = name === "pytest.toml" || name === ".pytest.toml";
  const native = hasFeature(version, "nativeToml");
  if (own && !native) return OTHER;
  let document: unknown;
  try {
    if (text.startsWith("\uFEFF")) return faultAt(file, 1, "expected TOML, found a byte order mark");
    document = parse(text, { integersAsBigInt: "asNeeded" });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = (error.message.split("\n", 1)[0] ?? "").trim();
    return { kind: "fault", fault: { file, line: error.line, column: error.column, message } };
  }
  const positions = tomlPositions(text);
  const settings = (path: readonly string[], values: Table, asNative: boolean): Candidate => ({
    kind: "settings",
    settings: tomlSettings({ file, text, path, positions }, values, asNative),
  });
  if (own) return settings(["pytest"], tableIn(document, "pytest") ?? {}, true);

  const pytest = tableIn(tableIn(document, "tool"), "pytest") ?? {};
  const { ini_options: _, ...rest } = pytest;
  const options = tableIn(pytest, "ini_options");
  const isNative = native && Object.keys(rest).length > 0;
  if (isNative && options && Object.keys(options).length > 0) {
    const at =
      positions.tables.find((table) => table.path.join(".") === "tool.pytest.ini_options")?.start ?? 0;
    const line = text.slice(0, at).split("\n").length;
    return faultAt(file, line, "expected one of [tool.pytest] and [tool.pytest.ini_options], found both");
  }
  if (isNative) return settings(["tool", "pytest"], rest, true);
  return options ? settings(["tool", "pytest", "ini_options"], options, false) : OTHER;
}

type Table = Readonly<Record<string, unknown>>;

function tableIn(value: unknown, name: string): Table | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  const inner = (value as Table)[name];
  return typeof inner === "object" && inner !== null && !Array.isArray(inner) ? (inner as Table) : undefined;
}

const faultAt = (file: string, line: number, message: string): Candidate => ({
  kind: "fault",
  fault: { file, line, message },
});
