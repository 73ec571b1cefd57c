import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CONFIGURATION_NAMES } from "../../services/lint/markers/candidate.ts";

/** What only the folder of a project has: there pytest is called, and there imports begin. */
const SIGNS = [...CONFIGURATION_NAMES, "setup.py", ".git"];

/**
 * The project that a folder belongs to: the nearest folder, itself included, that looks like one; the folder itself when
 * none does. All of it is read, since tests import what lies beside them.
 */
export async function findProject(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    if (await hasAny(at, SIGNS)) return at;
    if (dirname(at) === at) return folder;
  }
}

/** Whether the folder looks like a project itself, and was not taken for want of one. */
export const isProject = (folder: string): Promise<boolean> => hasAny(folder, SIGNS);

/** The folder of the repository, whose names CI systems use; undefined outside of one. */
export async function findRepository(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    if (await hasAny(at, [".git"])) return at;
    if (dirname(at) === at) return undefined;
  }
}

async function hasAny(folder: string, names: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
