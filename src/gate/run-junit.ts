import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ReportFault } from "../../services/triage/result.ts";
import { findJunitFiles } from "./junit-files.ts";

/** Report files at one moment. */
export interface ReportFiles {
  /** By path: what tells whether the file was written since. */
  readonly marks: ReadonlyMap<string, string>;
  /** What matches and cannot be read. */
  readonly faults: readonly ReportFault[];
}

/** Report files that this run wrote, and older ones. */
export interface SortedReports {
  readonly fresh: readonly string[];
  readonly stale: readonly string[];
}

/** Files that match any of the patterns, sorted, each once. */
export async function findReports(patterns: readonly string[], cwd: string): Promise<ReportFiles> {
  const { paths, faults } = await findJunitFiles({ patterns, cwd });
  const marks = new Map<string, string>();
  for (const each of paths) {
    const path = resolve(cwd, each);
    const mark = await markOf(path);
    if (mark !== undefined) marks.set(path, mark);
  }
  return { marks, faults };
}

/** Pure. By what the file system says before and after, not by clocks, which may jump or be another machine's. */
export function sortReports(before: ReportFiles, after: ReportFiles): SortedReports {
  const paths = [...after.marks.keys()];
  const isStale = (path: string): boolean => before.marks.get(path) === after.marks.get(path);
  return { fresh: paths.filter((path) => !isStale(path)), stale: paths.filter(isStale) };
}

/** What of a file is another once it was written; undefined for what is no file. The time of the last change cannot be set by hand, unlike that of the last write, which copying may keep. */
export async function markOf(path: string): Promise<string | undefined> {
  try {
    const file = await stat(path, { bigint: true });
    const { ino, size, mtimeNs, ctimeNs } = file;
    return file.isFile() ? [ino, size, mtimeNs, ctimeNs].join(" ") : undefined;
  } catch {
    return undefined;
  }
}
