import { glob, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ReportFault } from "../../services/triage/result.ts";

export interface JunitFilesOptions {
  /** Globs, or plain paths, as given with `--junit`. */
  readonly patterns: readonly string[];
  readonly cwd: string;
}

export interface JunitFiles {
  /** Relative to `cwd` where the pattern is; sorted, each file once. */
  readonly paths: readonly string[];
  /** What is there and is no readable file. */
  readonly faults: readonly ReportFault[];
}

/** Finds the files that the patterns name. */
export async function findJunitFiles({ patterns, cwd }: JunitFilesOptions): Promise<JunitFiles> {
  const found = new Set<string>();
  const paths: string[] = [];
  const faults: ReportFault[] = [];
  for (const pattern of new Set(patterns)) {
    for (const path of await expand(pattern, cwd)) found.add(path);
  }
  for (const path of [...found].sort()) {
    const problem = await problemOf(resolve(cwd, path));
    if (problem === undefined) paths.push(path);
    else faults.push({ file: path, expected: "a file that can be read", found: problem });
  }
  return { paths, faults };
}

/** A path that exists is meant as it is, even when it holds brackets. Directories match `**` and are no reports. */
async function expand(pattern: string, cwd: string): Promise<string[]> {
  if ((await problemOf(resolve(cwd, pattern))) === undefined) return [pattern];
  const paths: string[] = [];
  for await (const entry of glob(pattern, { cwd, withFileTypes: false })) paths.push(entry);
  const looked = await Promise.all(
    paths.map(async (path) => ({ path, problem: await problemOf(resolve(cwd, path)) })),
  );
  return looked.filter(({ problem }) => problem !== DIRECTORY).map(({ path }) => path);
}

const DIRECTORY = "a directory";

/** Why it is no file to be read; undefined for one that is. */
async function problemOf(path: string): Promise<string | undefined> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return undefined;
    return stats.isDirectory() ? DIRECTORY : "something that is no regular file";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "an error";
  }
}
