import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import {
  createFingerprinter,
  type Fingerprinter,
  readFingerprintKey,
} from "../../services/env-files/fingerprint.ts";
import { createFinding } from "../../services/findings/create.ts";
import type { Finding } from "../../services/findings/finding.ts";
import type { Environment } from "../config/config.ts";
import type { DriftOptions } from "../config/drift.ts";
import { readVariable } from "../config/interpolate.ts";
import { readText } from "./read-text.ts";

export const KEY_VARIABLE = "GREENLIGHT_BASELINE_KEY";

export type BaselineKey =
  | { readonly ok: true; readonly fingerprinter: Fingerprinter }
  | { readonly ok: false; readonly finding: Finding };

export interface ReadKeyInput {
  readonly drift: DriftOptions;
  readonly env: Environment;
  readonly cwd: string;
}

/** The key of the fingerprints: that of the variable, else that of the key file, which must be outside the repository. */
export async function readKey({ drift, env, cwd }: ReadKeyInput): Promise<BaselineKey> {
  const given = readVariable(env, KEY_VARIABLE);
  if (given !== undefined) return keyOf(given, KEY_VARIABLE);
  const { keyFile, baseline } = drift;
  if (keyFile === undefined) {
    const message = `The fingerprints need a secret key: ${KEY_VARIABLE} is not set, and drift.keyFile names no file.`;
    return missing(message);
  }
  const path = keyFile.path.startsWith("~/")
    ? join(readVariable(env, "HOME") ?? homedir(), keyFile.path.slice(2))
    : resolve(cwd, keyFile.path);
  const root = await repositoryOf(dirname(resolve(cwd, baseline.path)));
  const real = await realpath(path).catch(() => path);
  if (isWithin(root, path) || isWithin(root, real)) {
    return unusable(
      `The key file ${keyFile.shown} is inside the repository, beside the fingerprints it is to protect.`,
    );
  }
  const read = await readText(path);
  if (read.ok) return keyOf(read.text, keyFile.shown);
  return missing(
    `The key file ${keyFile.shown} cannot be read: expected ${read.expected}, found ${read.found}.`,
  );
}

function keyOf(text: string, where: string): BaselineKey {
  const key = readFingerprintKey(text);
  if (!key.ok) return unusable(`${where} holds no key: expected ${key.expected}, found ${key.found}.`);
  const distinct = new Set(text.trim()).size;
  if (distinct >= LEAST_DISTINCT) return { ok: true, fingerprinter: createFingerprinter(key.key) };
  return unusable(`${where} holds a key that can be guessed: it has ${distinct} different characters.`);
}

/** 32 random hexadecimal digits have fewer once in a million times; a word written again and again has. */
const LEAST_DISTINCT = 8;

const missing = (message: string): BaselineKey => ({
  ok: false,
  finding: createFinding({ code: "DRIFT_KEY_MISSING", subject: "drift", message }),
});

const unusable = (message: string): BaselineKey => ({
  ok: false,
  finding: createFinding({ code: "DRIFT_KEY_UNUSABLE", subject: "drift", message }),
});

/** The folder of the repository that a folder is in; without one, the folder itself. */
async function repositoryOf(folder: string): Promise<string> {
  const start = await realpath(folder).catch(() => folder);
  for (let each = start; ; each = dirname(each)) {
    const found = await stat(join(each, ".git")).catch(() => undefined);
    if (found !== undefined) return each;
    if (dirname(each) === each) return start;
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || !(way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way));
}
