import { glob, stat } from "node:fs/promises";
import { resolve } from "node:path";

/** Report files at one moment: each path, and what tells whether it was written since. */
export type ReportFiles = ReadonlyMap<string, string>;

/** Report files that this run wrote, and older ones. */
export interface SortedReports {
  readonly fresh: readonly string[];
  readonly stale: readonly string[];
}

/** Files that match any of the patterns, in their order, each once. */
export async function findReports(patterns: readonly string[], cwd: string): Promise<ReportFiles> {
  const files = new Map<string, string>();
  for (const pattern of patterns) {
    const found: string[] = [];
    for await (const path of glob(pattern, { cwd })) found.push(resolve(cwd, path));
    for (const path of found.toSorted()) {
      const mark = await markOf(path);
      if (mark !== undefined) files.set(path, mark);
    }
  }
  return files;
}

/** Pure. By what the file system says before and after, not by clocks, which may jump or be another machine's. */
export function sortReports(before: ReportFiles, after: ReportFiles): SortedReports {
  const paths = [...after.keys()];
  const isStale = (path: string): boolean => before.get(path) === after.get(path);
  return { fresh: paths.filter((path) => !isStale(path)), stale: paths.filter(isStale) };
}

/** The time of the last change cannot be set by hand, unlike that of the last write, which copying may keep. */
async function markOf(path: string): Promise<string | undefined> {
  try {
    const file = await stat(path, { bigint: true });
    const { ino, size, mtimeNs, ctimeNs } = file;
    return file.isFile() ? [ino, size, mtimeNs, ctimeNs].join(" ") : undefined;
  } catch {
    return undefined;
  }
}
