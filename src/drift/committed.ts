import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";

const TIMEOUT_MS = 3000;

/** Who committed a text to a file last, and when; undefined where there is no Git, no repository or no such commit. */
export async function committedIn(
  path: string,
  text: string,
  signal: AbortSignal,
): Promise<{ readonly at: string; readonly by: string } | undefined> {
  const args = ["log", "-1", `-S${text}`, "--format=%cI%x09%an", "--", basename(path)];
  try {
    const { stdout } = await promisify(execFile)("git", args, {
      cwd: dirname(path),
      timeout: TIMEOUT_MS,
      signal,
    });
    const [at = "", by = ""] = stdout.trim().split("\t");
    return at === "" ? undefined : { at, by };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
