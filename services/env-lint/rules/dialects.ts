import { DIALECT_NAMES, type Dialect, DIALECTS } from "../../env-files/dialect.ts";
import type { EnvEntry, EnvFile } from "../../env-files/env-file.ts";
import { parseEnv } from "../../env-files/parse.ts";
import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import { isTemplate } from "../file-name.ts";
import type { LintInput } from "../input.ts";

/**
 * Values that dotenv, python-dotenv, Compose and `docker --env-file` read differently. What only docker reads otherwise
 * (it keeps quotes and comments, and replaces nothing) is one note a file, unless a layer is said to be docker's: quotes
 * are no fault where nobody uses it. A dialect that refuses the whole file is one finding too. Not reported: templates,
 * and files that their own dialect refuses, which is told as that.
 */
export function dialects({ files }: LintInput): readonly Finding[] {
  const withDocker = files.some(({ dialect }) => dialect === "docker");
  return files.filter(({ path }) => !isTemplate(path)).flatMap((file) => judge(file, withDocker));
}

/** By key; what is replaced in a value counts as written. */
type Reading = ReadonlyMap<string, string>;

function judge(file: EnvFile, withDocker: boolean): readonly Finding[] {
  const all = new Map(DIALECTS.map((dialect) => [dialect, readWith(file.text, dialect)]));
  if (all.get(file.dialect) === undefined) return [];
  const readings = new Map(
    [...all].flatMap(([dialect, reading]) => (reading ? [[dialect, reading] as const] : [])),
  );
  const strict = [...readings.keys()].filter((dialect) => dialect !== "docker" || withDocker);
  const entries = new Map(file.entries.map((entry) => [entry.key, entry]));
  const differing = [...entries.values()].filter(({ key }) => groupsOf(key, readings, strict).length > 1);
  const told = new Set(differing);
  const onlyDocker = [...entries.values()].filter(
    (entry) => !told.has(entry) && groupsOf(entry.key, readings, [...readings.keys()]).length > 1,
  );
  const refusing = DIALECTS.filter((dialect) => !readings.has(dialect));
  return [
    ...differing.map((entry) =>
      difference({ file, entry, readings, groups: groupsOf(entry.key, readings, strict) }),
    ),
    ...refusing.flatMap((dialect) => refusal(file, dialect, withDocker)),
    ...(onlyDocker.length === 0 ? [] : [dockerNote(file, onlyDocker)]),
  ];
}

/** Nothing when the dialect refuses the whole file. */
function readWith(text: string, dialect: Dialect): Reading | undefined {
  const { entries, faults } = parseEnv(text, dialect);
  if (faults.some(({ effect }) => effect === "file-refused")) return undefined;
  return new Map(
    entries.flatMap(({ key, value, references }) =>
      value === undefined ? [] : [[key, `${references.map(({ raw }) => raw).join(" ")}\0${value}`] as const],
    ),
  );
}

type Groups = readonly (readonly Dialect[])[];

const groupsOf = (
  key: string,
  readings: ReadonlyMap<Dialect, Reading>,
  among: readonly Dialect[],
): Groups => [...Map.groupBy(among, (dialect) => readings.get(dialect)?.get(key)).values()];

interface Difference {
  readonly file: EnvFile;
  readonly entry: EnvEntry;
  readonly readings: ReadonlyMap<Dialect, Reading>;
  readonly groups: Groups;
}

function difference({ file, entry: { key, line, column }, readings, groups }: Difference): Finding {
  const named = groups.map((group) => group.map((dialect) => DIALECT_NAMES[dialect]).join(", "));
  return createFinding({
    code: "ENV_DIALECT",
    subject: `${file.path}:${key}`,
    message: `${key} in ${file.path} is read in ${groups.length} ways: ${named.join(" | ")}.`,
    place: { kind: "file", file: file.path, line, column },
    evidence: [...readings].map(
      ([dialect, reading]) => `${DIALECT_NAMES[dialect]}: ${describe(reading.get(key))}`,
    ),
    facts: { key },
  });
}

/** Never the value: its length, and whether something is replaced in it. */
function describe(reading: string | undefined): string {
  if (reading === undefined) return "not set";
  const [references = "", value = ""] = reading.split("\0");
  const count = references === "" ? 0 : references.split(" ").length;
  const replaced = count === 0 ? "" : `, ${count} ${count === 1 ? "reference" : "references"} replaced`;
  return `${value.length} ${value.length === 1 ? "character" : "characters"}${replaced}`;
}

/** Nothing for a line that the file's own dialect finds fault with too: that is told already. */
function refusal(file: EnvFile, dialect: Dialect, withDocker: boolean): readonly Finding[] {
  const fault = parseEnv(file.text, dialect).faults.find(({ effect }) => effect === "file-refused");
  if (fault === undefined || file.faults.some(({ line }) => line === fault.line)) return [];
  const { line, expected, found } = fault;
  return [
    createFinding({
      code: "ENV_DIALECT",
      subject: `${file.path}:${dialect}`,
      ...(dialect === "docker" && !withDocker && { severity: "note" as const }),
      message: `${DIALECT_NAMES[dialect]} refuses ${file.path}, which ${DIALECT_NAMES[file.dialect]} reads.`,
      place: { kind: "file", file: file.path, ...(line !== undefined && { line }) },
      evidence: [`expected ${expected}, found ${found}`],
      facts: { key: "the line" },
    }),
  ];
}

function dockerNote(file: EnvFile, entries: readonly EnvEntry[]): Finding {
  const [first] = entries;
  const values = entries.length === 1 ? "1 value" : `${entries.length} values`;
  return createFinding({
    code: "ENV_DIALECT",
    subject: `${file.path}:docker-values`,
    severity: "note",
    message: `${DIALECT_NAMES.docker} reads ${values} of ${file.path} otherwise: it keeps quotes and comments.`,
    place: { kind: "file", file: file.path, ...(first && { line: first.line, column: first.column }) },
    evidence: [entries.map(({ key }) => key).join(", ")],
    facts: { key: "a value" },
  });
}
