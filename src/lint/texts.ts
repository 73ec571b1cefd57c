import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CONFIGURATION_NAMES } from "../../services/lint/markers/candidate.ts";
import { decodeUtf8 } from "../../services/lint/python/decode.ts";
import { digestOf } from "./journal/durable.ts";
import type { FileFault } from "./take-facts.ts";
import { readWhole } from "./read-file.ts";

/** A file that is no Python, decoded. */
export interface TextFile {
  /** Relative to the root, with `/`; `../` for the folders above. */
  readonly path: string;
  readonly text: string;
  readonly digest: string;
}

export interface TextFiles {
  /** Files that may hold pytest's configuration, in the tree and above it. */
  readonly candidates: readonly TextFile[];
  /** Files in which CI systems and people call pytest. */
  readonly ci: readonly TextFile[];
  readonly faults: readonly ({ readonly path: string } & FileFault)[];
}

const CONFIGURATIONS: ReadonlySet<string> = new Set(CONFIGURATION_NAMES);

/** Names that the walk is to take down wherever they are. */
export const isConfiguration = (name: string): boolean => CONFIGURATIONS.has(name);

/** Where pytest is called from, relative to the root. */
const CI_FILES = [
  ".gitlab-ci.yml",
  ".travis.yml",
  ".circleci/config.yml",
  ".pre-commit-config.yaml",
  "azure-pipelines.yml",
  "bitbucket-pipelines.yml",
  "Jenkinsfile",
  "Makefile",
  "GNUmakefile",
  "justfile",
  "noxfile.py",
  "tox.ini",
  "package.json",
];
const CI_FOLDERS = [".github/workflows", ".gitlab", ".gitlab/ci", ".azure-pipelines"];

/** Reads them. `named` are the configurations that the walk came upon. */
export async function readTexts(root: string, named: readonly string[]): Promise<TextFiles> {
  const inFolders = await Promise.all(
    CI_FOLDERS.map(async (folder) => {
      const names = await readdir(join(root, folder)).catch(() => []);
      return names
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
        .map((name) => `${folder}/${name}`);
    }),
  );
  const faults: TextFiles["faults"][number][] = [];
  const read = (paths: readonly string[], known: boolean): TextFile[] =>
    paths.flatMap((path) => {
      const found = readText(root, path);
      if ("text" in found) return [found];
      // What nobody has said to be there may be missing.
      if (known) faults.push(found);
      return [];
    });
  const candidates = [...read(named, true), ...read(above(root), false)];
  const ci = read([...CI_FILES, ...inFolders.flat()], false);
  return { candidates, ci, faults };
}

function readText(root: string, path: string): TextFile | ({ readonly path: string } & FileFault) {
  const found = readWhole(join(root, path));
  if (!found.ok) return { path, code: found.code, reason: found.reason };
  const decoded = decodeUtf8(found.bytes);
  if (!decoded.ok) return { path, code: "LINT_NOT_TEXT", reason: decoded.reason };
  return { path, text: decoded.text, digest: digestOf(found.bytes) };
}

/** The configurations of the folders above, as far as pytest goes. */
function above(root: string): string[] {
  const paths: string[] = [];
  let prefix = "../";
  for (let at = root; dirname(at) !== at; at = dirname(at)) {
    paths.push(...CONFIGURATION_NAMES.map((name) => prefix + name));
    prefix += "../";
  }
  return paths;
}
