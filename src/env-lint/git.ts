/** env-lint: what the rules for env files need of the machine: what git keeps, and which names the sources read. */
import { execFile } from "node:child_process";
import { basename, dirname, resolve } from "node:path";
import { promisify } from "node:util";
import type { Environment } from "../config/config.ts";

const run = promisify(execFile);

const DEADLINE_MS = 5000;

export interface TrackedInput {
  readonly cwd: string;
  /** As they are shown, relative to `cwd` or absolute. */
  readonly paths: readonly string[];
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/**
 * Which of these files git tracks; nothing where it cannot be told: no git here, no repository, or one that git refuses
 * because it is another user's.
 */
export async function trackedFiles({
  cwd,
  paths,
  env,
  signal,
}: TrackedInput): Promise<ReadonlySet<string> | undefined> {
  const byFolder = Map.groupBy(paths, (path) => dirname(resolve(cwd, path)));
  const answers = await Promise.all(
    [...byFolder].map(async ([folder, files]) => {
      const names = await lsFiles(
        folder,
        files.map((file) => basename(file)),
        { env, signal },
      );
      return names && files.filter((file) => names.has(basename(file)));
    }),
  );
  const known = answers.filter((answer) => answer !== undefined);
  return known.length === 0 && paths.length > 0 ? undefined : new Set(known.flat());
}

async function lsFiles(
  folder: string,
  names: readonly string[],
  { env, signal }: Pick<TrackedInput, "env" | "signal">,
): Promise<ReadonlySet<string> | undefined> {
  // A repository's own configuration could name a program to run (core.fsmonitor).
  const args = ["--literal-pathspecs", "-c", "core.fsmonitor=false", "ls-files", "-z", "--", ...names];
  try {
    const { stdout } = await run("git", args, {
      cwd: folder,
      signal,
      timeout: DEADLINE_MS,
      env: { ...env, GIT_OPTIONAL_LOCKS: "0" },
    });
    return new Set(stdout.split("\0"));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
