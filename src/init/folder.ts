/** init: what a folder shows of its databases, tests and CI, and the files that put Greenlight in front of them. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CONFIGURATION_NAMES } from "../../services/lint/markers/candidate.ts";

export const ENV_FILES = [
  ".env",
  ".env.local",
  ".env.test",
  ".env.development",
  ".env.example",
  ".env.sample",
  ".env.template",
  ".env.dist",
];
/** In the order in which Compose looks for them; it reads the first. */
export const COMPOSE_FILES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

const TEST_FILES = [
  ...CONFIGURATION_NAMES,
  "conftest.py",
  "tests/conftest.py",
  "test/conftest.py",
  "requirements.txt",
  "requirements-dev.txt",
  "requirements-test.txt",
  "uv.lock",
  "poetry.lock",
  "package.json",
  "package-lock.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  ...["ts", "mts", "js", "mjs", "cjs"].flatMap((ending) =>
    ["vitest", "vite", "jest", "playwright"].map((tool) => `${tool}.config.${ending}`),
  ),
  "jest.config.json",
  "go.mod",
  "pom.xml",
];
const CI_FILES = [".gitlab-ci.yml", ".github/workflows", ".github", ".git/config"];
const OWN_FILES = ["greenlight.yaml", ".github/workflows/greenlight.yml", ".gitlab/greenlight.yml"];

/** A file that is larger is there, and is not read. */
const MAX_BYTES = 1_000_000;

/** Path → text, of those that are there; a folder, and what cannot be read, is there with no text. */
export type Folder = ReadonlyMap<string, string>;

/** Reads the files by which a project shows what it is; nothing else of it, and nothing below other folders. */
export async function readFolder(cwd: string): Promise<Folder> {
  const names = [...ENV_FILES, ...COMPOSE_FILES, ...TEST_FILES, ...CI_FILES, ...OWN_FILES];
  const texts = await Promise.all(names.map(async (name) => [name, await textOf(join(cwd, name))] as const));
  return new Map(texts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    // Opening a pipe would wait for its writer.
    if (!found.isFile() || found.size > MAX_BYTES) return "";
  } catch {
    return undefined;
  }
  return readFile(path, "utf8").catch(() => "");
}
