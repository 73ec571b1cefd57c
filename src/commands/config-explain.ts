import { type ExplainedKey, explainKey } from "../../services/env-files/explain.ts";
import { type Traced, traceLayers } from "../../services/env-files/provenance.ts";
import { shownKey } from "../../services/env-files/shown-key.ts";
import type { ConfigFault, Environment } from "../config/config.ts";
import { readConfigFile } from "../config/file.ts";
import { loadEnvFiles } from "../config/load-env-files.ts";
import { nearest } from "../config/suggest.ts";
import { explainSteps } from "../env-files/explain-steps.ts";
import { displayFingerprints } from "../env-files/fingerprints.ts";
import { type ReadLayers, readLayers } from "../env-files/read-layers.ts";
import { meaningOfVariable, variableNamed } from "../env-files/variable-meaning.ts";
import { EXIT } from "../exit-codes.ts";
import { renderConfig } from "../views/config-human.ts";
import { renderEnvExplain } from "../views/env-explain-human.ts";
import type { EnvExplainReport, FileFault, LayerRow } from "../views/env-explain-report.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface ConfigExplainOptions extends OutputOptions {
  readonly key: string;
  readonly config?: string;
  readonly env?: string;
}

/** Says which layer a key gets its value from. */
export async function configExplain(context: CommandContext, options: ConfigExplainOptions): Promise<number> {
  const { env, cwd, signal } = context;
  if (!/^[^\s=]{1,200}$/.test(options.key))
    throw usageError("expected the name of a variable, such as DATABASE_URL, with no value behind it.");
  const read = await readConfigFile({ env, cwd, path: options.config });
  if (!read.ok) return unusable(context, options, read.faults);
  const loaded = await loadEnvFiles({ env, file: read.file, environment: options.env });
  if (!loaded.ok) return unusable(context, options, loaded.faults);
  const { envFiles, environment, table } = loaded;
  const { layers, declared } = envFiles;
  const directory = read.file?.directory ?? cwd;
  const found = await readLayers({ layers, directory, signal });
  const variable = lookupIn(env);
  const traced = traceLayers({ files: found.files, variable });
  const key = variableNamed(options.key, table);
  const fingerprints = displayFingerprints(env);
  const explained = explainKey({ key, traced, files: found.files, variable, fingerprint: fingerprints.of });
  const faults = faultsOf(found, traced);
  const meaning = meaningOfVariable(key, table);
  const known = [...traced.keys.keys()].filter((name) => shownKey(name, fingerprints.of) === name);
  const similar = explained.winner ? undefined : nearest(key, known);
  const result: EnvExplainReport = {
    schemaVersion: 1,
    command: "config explain",
    ok: true,
    environment,
    ...explained,
    ...(fingerprints.keyId !== undefined && { fingerprintKey: fingerprints.keyId }),
    layers: layers.map((layer) => rowOf(layer, found, traced)),
    ...(meaning && { meaning }),
    faults,
    nextSteps: explainSteps({ explained, faults, declared, similar, meaning }),
  };
  writeResult(context, options, { result, human: renderEnvExplain });
  return exitCodeOf(explained, faults);
}

function exitCodeOf({ winner }: ExplainedKey, faults: readonly FileFault[]): number {
  if (faults.some(({ effect }) => effect === "file-refused")) return EXIT.config;
  return winner ? EXIT.ok : EXIT.findings;
}

function unusable(context: CommandContext, options: OutputOptions, faults: readonly ConfigFault[]): number {
  writeResult(context, options, { result: { schemaVersion: 1, ok: false, faults }, human: renderConfig });
  return EXIT.config;
}

/** Only what is really set: nothing that every object has. */
export const lookupIn =
  (env: Environment) =>
  (name: string): string | undefined =>
    Object.hasOwn(env, name) ? env[name] : undefined;

function faultsOf({ failed }: ReadLayers, { files }: Traced): FileFault[] {
  const unread = failed.map(({ layer, fault }) => ({ ...fault, file: layer.path }));
  return [
    ...unread,
    ...files.flatMap(({ path, faults }) => faults.map((fault) => ({ ...fault, file: path }))),
  ];
}

function rowOf(layer: ReadLayers["absent"][number], found: ReadLayers, traced: Traced): LayerRow {
  const { path, dialect, extendedBy } = layer;
  const file = found.files.find((each) => each.path === path);
  const known = { path, dialect, ...(extendedBy !== undefined && { extendedBy }) };
  if (!file) return { ...known, state: found.absent.includes(layer) ? "absent" : "unreadable" };
  const refused = traced.files.some((each) => each.path === path && each.refused);
  const keys = new Set(file.entries.map(({ key }) => key)).size;
  return { ...known, state: refused ? "refused" : "read", keys };
}
