/** One key: where its value comes from, what that shadows, and how the dialects read it; values as fingerprints. */
import type { Dialect } from "./dialect.ts";
import type { EnvFault, EnvFile } from "./env-file.ts";
import { type Setting, type Traced, traceLayers } from "./provenance.ts";
import { type Reading, readInAll, sameReading } from "./readings.ts";
import type { Lookup } from "./resolve.ts";

/** A place that sets the key. */
export type ShownSetting = {
  /** Absent: there is no value. */
  readonly fingerprint?: string;
  readonly empty?: true;
  /** Whether it holds what wins. */
  readonly same?: boolean;
  readonly because?: "no-value" | "file-refused";
  /** Names that were replaced in the value, as far as something sets them. */
  readonly references?: readonly string[];
  /** How many others: not named, since a `$` in a password makes a name of what is behind it. */
  readonly unknownReferences?: number;
} & (
  | { readonly kind: "variable" }
  | {
      readonly kind: "file";
      readonly file: string;
      readonly line: number;
      readonly column: number;
      readonly dialect: Dialect;
    }
);

export interface ShownReading {
  readonly dialect: Dialect;
  readonly kind: Reading["kind"];
  readonly fingerprint?: string;
  readonly line?: number;
  /** Why the dialect refuses the file. */
  readonly fault?: EnvFault;
}

export interface ExplainedKey {
  readonly key: string;
  readonly winner?: ShownSetting;
  /** The nearest first. */
  readonly shadowed: readonly ShownSetting[];
  readonly ignored: readonly ShownSetting[];
  /** Of the highest file that has the key. */
  readonly dialects?: {
    readonly file: string;
    readonly differ: boolean;
    readonly readings: readonly ShownReading[];
  };
}

export interface ExplainInput {
  readonly key: string;
  readonly traced: Traced;
  readonly files: readonly EnvFile[];
  readonly variable: Lookup;
  readonly fingerprint: (value: string) => string;
}

export function explainKey(input: ExplainInput): ExplainedKey {
  const { key, traced, variable } = input;
  const value = variable(key);
  const alone: Setting | undefined = value === undefined ? undefined : { kind: "variable", value };
  const { winner = alone, shadowed = [], ignored = [] } = traced.keys.get(key) ?? {};
  const show = (setting: Setting) => shown(setting, winner, input);
  const dialects = dialectsOf([winner, ...shadowed, ...ignored], input);
  return {
    key,
    ...(winner && { winner: show(winner) }),
    shadowed: shadowed.map(show),
    ignored: ignored.map(show),
    ...(dialects && { dialects }),
  };
}

function shown(
  setting: Setting,
  winner: Setting | undefined,
  { fingerprint, traced, variable }: ExplainInput,
): ShownSetting {
  const { value } = setting;
  const what = {
    ...(value === undefined ? {} : { fingerprint: fingerprint(value) }),
    ...(value === "" && { empty: true as const }),
    ...(winner && winner !== setting && value !== undefined && { same: winner.value === value }),
  };
  if (setting.kind === "variable") return { kind: "variable", ...what };
  const { path, line, column, dialect, entry, without } = setting;
  const names = [...new Set(entry.references.map(({ name }) => name))];
  const references = names.filter((name) => variable(name) !== undefined || traced.keys.has(name));
  const unknown = names.length - references.length;
  return {
    kind: "file",
    file: path,
    line,
    column,
    dialect,
    ...what,
    ...(without && { because: without }),
    ...(references.length > 0 && { references }),
    ...(unknown > 0 && { unknownReferences: unknown }),
  };
}

function dialectsOf(
  settings: readonly (Setting | undefined)[],
  { key, files, variable, fingerprint }: ExplainInput,
) {
  const highest = settings.find((setting) => setting?.kind === "file");
  const file = files.find(({ path }) => highest?.kind === "file" && path === highest.path);
  if (!file) return undefined;
  const lower = traceLayers({ files: files.slice(0, files.indexOf(file)), variable }).keys;
  const beneath = (name: string) => lower.get(name)?.winner?.value;
  const all = readInAll({ text: file.text, variable, beneath }, key);
  const [first] = all;
  const differ = first !== undefined && all.some(({ reading }) => !sameReading(first.reading, reading));
  const readings = all.map(({ dialect, reading }) => showReading(dialect, reading, fingerprint));
  return { file: file.path, differ, readings };
}

/** A reading without its value. */
export function showReading(
  dialect: Dialect,
  reading: Reading,
  fingerprint: (value: string) => string,
): ShownReading {
  switch (reading.kind) {
    case "value":
      return { dialect, kind: "value", fingerprint: fingerprint(reading.value), line: reading.line };
    case "alone":
      return { dialect, kind: "alone", line: reading.line };
    case "refused":
      return { dialect, kind: "refused", fault: reading.fault };
    default:
      return { dialect, kind: "absent" };
  }
}
