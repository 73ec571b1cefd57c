import { resolve } from "node:path";
import { readCloudRun } from "../../services/drift/cloudrun.ts";
import { readCompose } from "../../services/drift/compose.ts";
import { readConfigMaps } from "../../services/drift/configmap.ts";
import { itemsOfEnv } from "../../services/drift/env.ts";
import { createMatcher } from "../../services/drift/ignore.ts";
import { findJsonFault } from "../../services/drift/json-fault.ts";
import type { Misread } from "../../services/drift/misread.ts";
import type { Item, Reading, SourceFault, SourceReading } from "../../services/drift/reading.ts";
import { type Tree, treeOf } from "../../services/drift/tree.ts";
import { parseEnv } from "../../services/env-files/parse.ts";
import type { Environment } from "../config/config.ts";
import type { DriftSourceOptions } from "../config/drift.ts";
import { readText } from "./read-text.ts";
import { readYaml } from "./read-yaml.ts";

export interface ReadSourcesInput {
  readonly sources: readonly DriftSourceOptions[];
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Reads all sources; those that cannot be read are named with their place, and the others are read all the same. */
export async function readSources({ sources, env, cwd, signal }: ReadSourcesInput): Promise<Reading> {
  const read: SourceReading[] = [];
  const faults: SourceFault[] = [];
  for (const source of sources) {
    signal.throwIfAborted();
    if (source.kind === "variables") {
      read.push({ id: source.id, items: variablesOf(env, source.patterns) });
      continue;
    }
    const { id, file } = source;
    const found = await readFileSource(source, resolve(cwd, file.path), signal);
    if (found.ok) read.push({ id, file: file.shown, items: found.items });
    else {
      const { line, column, expected } = found;
      const at = { ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
      faults.push({ id, file: file.shown, ...at, expected, found: found.found });
    }
  }
  return { sources: read, faults };
}

/** The key of the fingerprints is no configuration of the program that is tested. */
const OWN = "GREENLIGHT_BASELINE_KEY";

function variablesOf(env: Environment, patterns: readonly string[]): Item[] {
  const matchers = patterns.map(createMatcher);
  return Object.entries(env).flatMap(([key, text]): Item[] => {
    const wanted = key !== OWN && matchers.some((matches) => matches(key));
    return wanted && text !== undefined ? [{ key, state: { kind: "value", text } }] : [];
  });
}

type FileSource = Exclude<DriftSourceOptions, { kind: "variables" }>;

type ReadItems = { readonly ok: true; readonly items: readonly Item[] } | Misread;

const READERS = { cloudrun: readCloudRun, configmap: readConfigMaps, compose: readCompose };

async function readFileSource(source: FileSource, path: string, signal: AbortSignal): Promise<ReadItems> {
  const read = await readText(path, signal);
  if (!read.ok) return read;
  if (source.kind === "env") {
    const parsed = parseEnv(read.text, source.dialect);
    const refused = parsed.faults.find(({ effect }) => effect === "file-refused");
    return refused ? { ok: false, ...refused } : { ok: true, items: itemsOfEnv(parsed) };
  }
  const trees = await readTrees(read.text, path);
  return trees.ok ? READERS[source.kind](trees.documents) : trees;
}

type ReadTrees = { readonly ok: true; readonly documents: readonly Tree[] } | Misread;

/** JSON by its name or its first character; anything else is YAML. */
async function readTrees(text: string, path: string): Promise<ReadTrees> {
  if (!/\.json$/i.test(path) && !/^\s*[{[]/.test(text)) return readYaml(text);
  const fault = findJsonFault(text);
  if (fault === undefined) return { ok: true, documents: [treeOf(JSON.parse(text))] };
  // `{` begins YAML too, unless the name says what it is.
  const yaml = /\.ya?ml$/i.test(path) ? await readYaml(text) : undefined;
  return yaml ?? { ok: false, ...fault };
}
