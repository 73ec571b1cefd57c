import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CliError } from "../commands/cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { PlannedFile } from "./plan.ts";

export interface WrittenFile {
  readonly path: string;
  /** `kept`: another one is there, and nobody said that it may be replaced. */
  readonly action: "written" | "replaced" | "unchanged" | "kept" | "would be written" | "would be replaced";
}

export interface WriteOptions {
  readonly cwd: string;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/**
 * Writes one file below the working folder. One that is there is left alone unless `force` says otherwise.
 *
 * @throws {CliError} when it cannot be written (78).
 */
export async function writePlanned({ path, text }: PlannedFile, options: WriteOptions): Promise<WrittenFile> {
  const { cwd, force, dryRun } = options;
  const full = join(cwd, path);
  try {
    const before = await readExisting(full);
    if (before === text) return { path, action: "unchanged" };
    if (before !== undefined && !force) return { path, action: "kept" };
    if (dryRun) return { path, action: before === undefined ? "would be written" : "would be replaced" };
    await mkdir(dirname(full), { recursive: true });
    // Without `force` it must still be absent: somebody else may have written it meanwhile.
    await writeFile(full, text, { flag: force ? "w" : "wx" });
    return { path, action: before === undefined ? "written" : "replaced" };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new CliError(EXIT.config, `${path} cannot be written (${code}).`, {
      cause: error,
      hint: "See what it would hold with --dry-run.",
    });
  }
}

async function readExisting(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
