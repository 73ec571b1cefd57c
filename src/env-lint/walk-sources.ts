import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isSource } from "../../services/env-lint/readers.ts";

/** Folders that hold what was installed or built, not what was written. */
const IGNORED = new Set(
  "node_modules .git .hg .svn dist build out target vendor .venv venv env site-packages __pycache__ .tox .nox .mypy_cache .pytest_cache .ruff_cache .next .nuxt .svelte-kit .turbo .cache .parcel-cache coverage .nyc_output .terraform .gradle .idea .yarn bower_components".split(
    " ",
  ),
);

export type Walked =
  | { readonly kind: "file"; readonly path: string; readonly absolute: string }
  /** A folder or root that is not there or may not be read. */
  | { readonly kind: "unreadable"; readonly path: string };

/**
 * Every source file below the roots, each once. Links to files are followed, links to folders are not: what they lead to
 * is below a root by itself, or no source of this project. So no loop of links is ever entered.
 */
export async function* walkSources(
  cwd: string,
  roots: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Walked> {
  const pending: string[] = [];
  const seen = new Set<string>();
  const shown = (path: string) => relative(cwd, path).split(sep).join("/") || ".";
  for (const root of roots) {
    const absolute = await realpath(join(root.startsWith(sep) ? "" : cwd, root)).catch(() => undefined);
    if (absolute === undefined) yield { kind: "unreadable", path: root };
    else if ((await stat(absolute)).isFile()) yield { kind: "file", path: shown(absolute), absolute };
    else pending.push(absolute);
  }
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    signal.throwIfAborted();
    if (seen.has(folder)) continue;
    seen.add(folder);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      yield { kind: "unreadable", path: shown(folder) };
      continue;
    }
    for (const entry of entries) {
      const absolute = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!IGNORED.has(entry.name)) pending.push(absolute);
      } else if (
        isSource(entry.name) &&
        (entry.isFile() || (entry.isSymbolicLink() && (await isFile(absolute))))
      ) {
        yield { kind: "file", path: shown(absolute), absolute };
      }
    }
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
