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
  /** Files that name what is installed. */
  readonly requirements: readonly TextFile[];
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
/** Folders, and what of them counts. */
const CI_FOLDERS: Readonly<Record<string, RegExp>> = {
  ".github/workflows": /\.ya?ml$/,
  ".gitlab": /\.ya?ml$/,
  ".gitlab/ci": /\.ya?ml$/,
  ".azure-pipelines": /\.ya?ml$/,
  ".": /^Dockerfile|^(?:docker-)?compose[\w.-]*\.ya?ml$|\.sh$/,
  scripts: /\.sh$/,
  bin: /\.sh$/,
  ci: /\.sh$/,
  ".ci": /\.sh$/,
};
const REQUIREMENT_FOLDERS: Readonly<Record<string, RegExp>> = {
  ".": /requirements[\w.-]*\.(?:txt|in)$|^(?:constraints\.txt|Pipfile|poetry\.lock|uv\.lock|pdm\.lock|environment\.ya?ml|setup\.py)$/,
  requirements: /\.(?:txt|in)$/,
};

/** Reads them. `named` are the configurations that the walk came upon. */
export async function readTexts(root: string, named: readonly string[]): Promise<TextFiles> {
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
  const ci = read([...CI_FILES, ...(await listFolders(root, CI_FOLDERS))], false);
  const requirements = read(await listFolders(root, REQUIREMENT_FOLDERS), false);
  return { candidates, ci, requirements, faults };
}

async function listFolders(root: string, folders: Readonly<Record<string, RegExp>>): Promise<string[]> {
  const lists = await Promise.all(
    Object.entries(folders).map(async ([folder, pattern]) => {
      const names = await readdir(join(root, folder)).catch(() => []);
      return names
        .filter((name) => pattern.test(name))
        .toSorted((a, b) => (a < b ? -1 : 1))
        .map((name) => (folder === "." ? name : `${folder}/${name}`));
    }),
  );
  return lists.flat();
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
