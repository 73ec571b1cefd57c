import type { Dialect } from "../../services/env-files/dialect.ts";
import { type DiffSide, type KeyDifference, diffSides } from "../../services/env-files/diff.ts";
import { readAs, type Reading } from "../../services/env-files/readings.ts";
import { shownKey } from "../../services/env-files/shown-key.ts";
import type { Environment } from "../config/config.ts";
import { readConfigFile } from "../config/file.ts";
import { loadEnvFiles } from "../config/load-env-files.ts";
import { displayFingerprints } from "../env-files/fingerprints.ts";
import { readEnvFile } from "../env-files/read.ts";
import { EXIT } from "../exit-codes.ts";
import { renderConfig } from "../views/config-human.ts";
import { renderEnvDiff } from "../views/env-diff-human.ts";
import type { ComparedSide, DiffRow, EnvDiffReport } from "../views/env-diff-report.ts";
import type { FileFault } from "../views/env-explain-report.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import { lookupIn } from "./config-explain.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface ConfigDiffOptions extends OutputOptions {
  readonly a: string;
  readonly b: string;
  readonly config?: string;
  readonly dialect?: Dialect;
}

const PROCESS = "process";

interface OpenedSide {
  readonly shown: ComparedSide;
  /** Absent when it cannot be compared. */
  readonly side?: DiffSide;
  readonly faults: readonly FileFault[];
}

/** Says in which keys two env files differ, or one and the process. */
export async function configDiff(context: CommandContext, options: ConfigDiffOptions): Promise<number> {
  const { env, cwd } = context;
  if (options.a === PROCESS && options.b === PROCESS)
    throw usageError("the process cannot be compared with itself; a file of that name is ./process.");
  const read = await readConfigFile({ env, cwd, path: options.config });
  const loaded = read.ok ? await loadEnvFiles({ env, file: read.file }) : read;
  if (!loaded.ok) {
    const result = { schemaVersion: 1, ok: false, faults: loaded.faults } as const;
    writeResult(context, options, { result, human: renderConfig });
    return EXIT.config;
  }
  const { layers } = loaded.envFiles;
  const dialectOf = (path: string): Dialect =>
    options.dialect ?? layers.find((layer) => layer.path === path.replace(/^\.\//, ""))?.dialect ?? "dotenv";
  const a = await open(options.a, dialectOf, context);
  const b = await open(options.b, dialectOf, context);
  const result = report(env, a, b);
  writeResult(context, options, { result, human: renderEnvDiff });
  if (!result.ok) return EXIT.config;
  return result.equal ? EXIT.ok : EXIT.findings;
}

async function open(
  name: string,
  dialectOf: (path: string) => Dialect,
  { env, cwd, signal }: CommandContext,
): Promise<OpenedSide> {
  if (name === PROCESS) {
    const names = Object.keys(env).filter((key) => env[key] !== undefined);
    return { shown: { kind: "process" }, side: { kind: "process", names }, faults: [] };
  }
  const dialect = dialectOf(name);
  const shown = { kind: "file", file: name, dialect } as const;
  const read = await readEnvFile({ path: name, dialect, directory: cwd, signal });
  if (!read.ok) return { shown, faults: [{ ...read.fault, file: name }] };
  const { text, faults } = read.file;
  const { refused } = readAs(dialect, { text, variable: lookupIn(env) });
  const told = faults.map((fault) => Object.assign({}, fault, { file: name }));
  if (!refused) return { shown, side: { kind: "file", text, dialect }, faults: told };
  const known = faults.some(({ effect }) => effect === "file-refused");
  return { shown, faults: known ? told : [...told, { ...refused, file: name }] };
}

function report(env: Environment, a: OpenedSide, b: OpenedSide): EnvDiffReport {
  const faults = [...a.faults, ...b.faults];
  if (!a.side || !b.side) return { schemaVersion: 1, command: "config diff", ok: false, fileFaults: faults };
  const { keys, same, others } = diffSides({ a: a.side, b: b.side, variable: lookupIn(env) });
  const fingerprints = displayFingerprints(env);
  return {
    schemaVersion: 1,
    command: "config diff",
    ok: true,
    equal: keys.length === 0,
    a: a.shown,
    b: b.shown,
    ...(fingerprints.keyId !== undefined && { fingerprintKey: fingerprints.keyId }),
    keys: keys.map((each) => rowOf(each, fingerprints.of)),
    same,
    notCompared: a.side.kind === "process" || b.side.kind === "process" ? others : 0,
    faults,
  };
}

function rowOf({ key, kind, a, b, dialects }: KeyDifference, fingerprint: (text: string) => string): DiffRow {
  const left = valueOf(a, fingerprint);
  const right = valueOf(b, fingerprint);
  return {
    key: shownKey(key, fingerprint),
    kind,
    ...(left?.value !== undefined && { a: left.value }),
    ...(right?.value !== undefined && { b: right.value }),
    ...(left?.line ? { aLine: left.line } : {}),
    ...(right?.line ? { bLine: right.line } : {}),
    ...(dialects.length > 0 && { dialects }),
  };
}

function valueOf(reading: Reading, fingerprint: (text: string) => string) {
  if (reading.kind === "value") return { value: fingerprint(reading.value), line: reading.line };
  return reading.kind === "alone" ? { value: undefined, line: reading.line } : undefined;
}
