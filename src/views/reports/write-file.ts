import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Text in parts, so that a large report need not be in memory whole. */
export type Parts = Iterable<string> | AsyncIterable<string>;

/** Parts are joined to at least this many characters before they are written. */
const CHUNK = 65_536;

/**
 * Writes a file so that a reader sees the old one or the whole new one: to a temporary file in the same folder, which
 * is then renamed. Folders that are missing are made. What is no file, such as `/dev/null` or a pipe, is written to.
 *
 * @throws Node's error, and what `parts` throws; then the temporary file is gone.
 */
export async function writeFileAtomic(path: string, parts: Parts): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // A link stays one, and what it leads to is replaced.
  const target = await realpath(path).catch(() => path);
  const found = await stat(target).catch(() => undefined);
  if (found?.isFile() === false) return writeTo(target, "w", parts);
  const temporary = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeTo(temporary, "wx", parts);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeTo(path: string, flags: string, parts: Parts): Promise<void> {
  const file = await open(path, flags);
  try {
    await writeParts(file, parts);
  } finally {
    await file.close();
  }
}

async function writeParts(file: FileHandle, parts: Parts): Promise<void> {
  let pending = "";
  for await (const part of parts) {
    pending += part;
    if (pending.length < CHUNK) continue;
    await file.appendFile(pending);
    pending = "";
  }
  await file.appendFile(pending);
}
