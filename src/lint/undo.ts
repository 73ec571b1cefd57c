import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestOf, replaceFile, syncFolder } from "./journal/durable.ts";
import type { Journal, JournalEntry } from "./journal/journal.ts";

/**
 * What became of one file. `restored`: it is as before the run; `removed`: it is gone, since the run had made it;
 * `unchanged`: it was so already.
 */
export interface UndoneFile {
  readonly file: string;
  readonly action: "restored" | "removed" | "unchanged" | "refused";
  readonly reason?: string;
}

/** How a file stands to the run: changed by it, as before it, or changed by somebody since. */
export type FileState = "new" | "old" | "other" | "gone";

export async function stateOf(
  { root }: Journal,
  { file, before, after, created }: JournalEntry,
): Promise<FileState> {
  const bytes = await readFile(join(root, file)).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (!Buffer.isBuffer(bytes)) {
    if (created !== true) return "gone";
    return bytes.code === "ENOENT" ? "old" : "other";
  }
  const digest = digestOf(bytes);
  if (digest === after) return "new";
  if (created === true) return "other";
  return digest === before ? "old" : "other";
}

/** Restores each file that is as the run left it; one that somebody has changed since is left alone and told. */
export async function undoRun(journal: Journal, folder: string): Promise<readonly UndoneFile[]> {
  const undone: UndoneFile[] = [];
  for (const entry of journal.files) undone.push(await undoFile(journal, entry, folder));
  return undone;
}

async function undoFile(journal: Journal, entry: JournalEntry, folder: string): Promise<UndoneFile> {
  const { file, before, after, original, temporary, created } = entry;
  const path = join(journal.root, file);
  // What a run that was killed left beside the file.
  await rm(join(dirname(path), temporary), { force: true }).catch(() => undefined);
  const state = await stateOf(journal, entry);
  if (state === "old") return { file, action: "unchanged" };
  if (state === "gone") return { file, action: "refused", reason: "it is gone" };
  if (state === "other") return { file, action: "refused", reason: "it has been changed since the run" };
  if (created === true) return removeFile(file, path);
  const bytes = await readFile(join(folder, journal.run, original)).catch(() => undefined);
  if (bytes === undefined || digestOf(bytes) !== before)
    return { file, action: "refused", reason: `what it was is not in the journal any more: ${original}` };
  const replaced = await replaceFile({ path, bytes, expected: after, temporary });
  return replaced.ok ? { file, action: "restored" } : { file, action: "refused", reason: replaced.reason };
}

async function removeFile(file: string, path: string): Promise<UndoneFile> {
  try {
    await rm(path);
    await syncFolder(dirname(path));
    return { file, action: "removed" };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { file, action: "refused", reason: code };
  }
}
