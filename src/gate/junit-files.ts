import { createReadStream } from "node:fs";
import { glob, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ReportFault } from "../../services/triage/result.ts";
import type { ReportSource } from "../../services/triage/source.ts";

export interface JunitFilesOptions {
  /** Globs, or plain paths, as given with `--junit`. */
  readonly patterns: readonly string[];
  readonly cwd: string;
  /** When the tests began, wall clock, in ms. */
  readonly since: number;
}

export interface JunitFiles {
  /** Sorted by path; each file once. */
  readonly sources: readonly ReportSource[];
  /** Reports of an earlier run, which say nothing about this one. */
  readonly older: readonly string[];
  /** Patterns that name no file. */
  readonly unmatched: readonly string[];
  /** What is there and is no readable file. */
  readonly faults: readonly ReportFault[];
}

/** Coarse file systems round the time of a change down, in ms. */
const COARSE = 2000;

/** Finds the reports that a run has written. They are opened when they are read, one at a time. */
export async function readJunitFiles({ patterns, cwd, since }: JunitFilesOptions): Promise<JunitFiles> {
  const found = new Set<string>();
  const unmatched: string[] = [];
  const sources: ReportSource[] = [];
  const older: string[] = [];
  const faults: ReportFault[] = [];
  for (const pattern of new Set(patterns)) {
    const matches = await expand(pattern, cwd);
    if (matches.length === 0) unmatched.push(pattern);
    for (const path of matches) found.add(path);
  }
  for (const path of [...found].sort()) {
    const file = await look(resolve(cwd, path));
    if ("found" in file) faults.push({ file: path, expected: "a file that can be read", found: file.found });
    else if (file.changedAt < since - COARSE) older.push(path);
    else sources.push({ name: path, open: () => createReadStream(resolve(cwd, path)) });
  }
  return { sources, older, unmatched, faults };
}

/** A path that exists is meant as it is, even when it holds brackets. Directories match `**` and are no reports. */
async function expand(pattern: string, cwd: string): Promise<string[]> {
  if (!("found" in (await look(resolve(cwd, pattern))))) return [pattern];
  const paths: string[] = [];
  for await (const entry of glob(pattern, { cwd, withFileTypes: false })) paths.push(entry);
  const files = await Promise.all(
    paths.map(async (path) => ({ path, file: await look(resolve(cwd, path)) })),
  );
  return files.filter(({ file }) => !("found" in file) || file.found !== DIRECTORY).map(({ path }) => path);
}

const DIRECTORY = "a directory";

async function look(path: string): Promise<{ readonly changedAt: number } | { readonly found: string }> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return { changedAt: stats.mtimeMs };
    return { found: stats.isDirectory() ? DIRECTORY : "something that is no regular file" };
  } catch (error) {
    return { found: (error as NodeJS.ErrnoException).code ?? "an error" };
  }
}
