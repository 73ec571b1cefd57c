import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { matchesGlob } from "node:path/posix";

/** What the walk came upon and did not take. */
export interface WalkFault {
  readonly code: "LINT_UNREADABLE" | "LINT_NOT_A_FILE" | "LINT_LINK_LOOP";
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly reason: string;
}

export interface Walked {
  /** Python files relative to the root, with `/`, in the order of their code units. */
  readonly files: readonly string[];
  /** Files that are asked for by name, such as `pytest.ini`; in the same order. */
  readonly named: readonly string[];
  readonly faults: readonly WalkFault[];
}

export interface WalkOptions {
  readonly root: string;
  /** Globs over paths relative to the root; a folder that matches is left out as a whole. */
  readonly exclude: readonly string[];
  /** Other files to take down. */
  readonly wanted: (name: string) => boolean;
  readonly signal: AbortSignal;
}

/** Never holds the suite's own code. Folders that begin with a dot are left out as pytest does. */
const SKIPPED = new Set(["node_modules", "__pycache__", "site-packages", "CVS", "_darcs", "venv"]);
/** Holds what was built, unless it is a package itself. */
const BUILT = new Set(["build", "dist"]);

/**
 * Lists the Python files of a tree, as pytest would find them: links to folders outside of the tree are followed once,
 * those to what is in it are not (it is met where it is). What cannot be read is told, and the rest is listed.
 *
 * @throws the signal's reason
 */
export async function walkTree({ root, exclude, wanted, signal }: WalkOptions): Promise<Walked> {
  const files: string[] = [];
  const named: string[] = [];
  const faults: WalkFault[] = [];
  const realRoot = await realpath(root);
  const visited = new Set<string>([realRoot]);
  const isInside = (real: string) => real === realRoot || real.startsWith(withSeparator(realRoot));
  const isExcluded = (path: string) => exclude.some((glob) => matchesGlob(path, glob));

  async function enter(folder: string): Promise<void> {
    signal.throwIfAborted();
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      faults.push({ code: "LINT_UNREADABLE", path: folder === "" ? "." : folder, reason: reasonOf(error) });
      return [];
    });
    if (folder !== "" && isForeign(folder, entries)) return;
    for (const entry of entries.sort(byName)) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (isExcluded(path)) continue;
      if (entry.isDirectory()) {
        if (!isSkipped(entry.name)) await enter(path);
      } else if (entry.isSymbolicLink()) {
        await follow(path, entry.name);
      } else {
        take(path, entry);
      }
    }
  }

  function take(path: string, entry: Dirent): void {
    const { name } = entry;
    if (entry.isFile()) {
      if (name.endsWith(".py")) files.push(path);
      else if (wanted(name)) named.push(path);
    } else if (name.endsWith(".py")) {
      faults.push({ code: "LINT_NOT_A_FILE", path, reason: kindOf(entry) });
    }
  }

  async function follow(path: string, name: string): Promise<void> {
    const relevant = name.endsWith(".py") || wanted(name);
    try {
      const real = await realpath(join(root, path));
      const target = await stat(real);
      if (target.isDirectory()) await followFolder(path, name, real);
      else if (target.isFile()) followFile(path, name, real);
      else if (relevant) faults.push({ code: "LINT_NOT_A_FILE", path, reason: kindOf(target) });
    } catch (error) {
      signal.throwIfAborted();
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ELOOP") faults.push({ code: "LINT_LINK_LOOP", path, reason: "the link leads to itself" });
      else if (relevant) faults.push({ code: "LINT_NOT_A_FILE", path, reason: brokenReason(error) });
    }
  }

  async function followFolder(path: string, name: string, real: string) {
    if (isSkipped(name)) return;
    const here = await realpath(join(root, path, ".."));
    if (here === real || here.startsWith(withSeparator(real))) {
      faults.push({ code: "LINT_LINK_LOOP", path, reason: "the link leads to a folder that it is in" });
    } else if (!isInside(real) && !visited.has(real)) {
      visited.add(real);
      await enter(path);
    }
  }

  function followFile(path: string, name: string, real: string): void {
    if (isInside(real)) return;
    if (name.endsWith(".py")) files.push(path);
    else if (wanted(name)) named.push(path);
  }

  await enter("");
  return { files: files.sort(compare), named: named.sort(compare), faults };
}

const isSkipped = (name: string): boolean =>
  name.startsWith(".") || SKIPPED.has(name) || name.endsWith(".egg") || name.endsWith(".egg-info");

/** A virtual environment, or what a build left. */
function isForeign(folder: string, entries: readonly Dirent[]): boolean {
  const has = (name: string) => entries.some((entry) => entry.name === name);
  if (has("pyvenv.cfg") || has("conda-meta")) return true;
  return BUILT.has(folder.slice(folder.lastIndexOf("/") + 1)) && !has("__init__.py");
}

const withSeparator = (path: string): string => (path.endsWith(sep) ? path : `${path}${sep}`);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const byName = (a: Dirent, b: Dirent): number => compare(a.name, b.name);

type Kinds = Pick<Dirent, "isFIFO" | "isSocket" | "isDirectory">;

function kindOf(entry: Kinds): string {
  if (entry.isFIFO()) return "it is a FIFO";
  return entry.isSocket() ? "it is a socket" : "it is a device";
}

function brokenReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "it is a link to what is not there" : reasonOf(error);
}

const reasonOf = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM") return `not permitted (${code})`;
  return code ?? String(error);
};
