import { hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, link, lstat, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

export const digestOf = (bytes: Buffer): string => hash("sha256", bytes);

/** Writes a new file and waits until the disk has it. */
export async function writeSynced(path: string, bytes: Buffer, mode = 0o600): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the disk knows what is in a folder by which name. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export interface ReplaceOptions {
  readonly path: string;
  readonly bytes: Buffer;
  /** The digest that the file must have, so that nobody's work is lost. */
  readonly expected: string;
  /** Name in the same folder. */
  readonly temporary: string;
}

export type Replaced = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Puts other bytes in the place of a file's, keeping its mode and owner. Whoever reads the file, and whatever kills this
 * process, meets the old ones or the new ones. Refuses when the file is not the one expected.
 */
export async function replaceFile({ path, bytes, expected, temporary }: ReplaceOptions): Promise<Replaced> {
  const beside = join(dirname(path), temporary);
  try {
    const found = await lstat(path);
    if (!found.isFile()) return { ok: false, reason: "it is no regular file" };
    if ((found.mode & 0o222) === 0) return { ok: false, reason: "it is read-only" };
    const file = await open(beside, "wx", 0o600);
    try {
      await file.writeFile(bytes);
      await keepOwner(file, found);
      // After the owner: changing that one takes bits of the mode away.
      await file.chmod(found.mode & 0o7777);
      await file.sync();
    } finally {
      await file.close();
    }
    // As late as can be: what somebody writes between here and the next line is lost to us all the same.
    if (digestOf(await readFile(path)) !== expected) {
      await rm(beside, { force: true });
      return { ok: false, reason: "it has been changed meanwhile" };
    }
    await rename(beside, path);
    await syncFolder(dirname(path));
    return { ok: true };
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { ok: false, reason: code === "ENOENT" ? "it is gone" : code };
  }
}

export type CreateOptions = Omit<ReplaceOptions, "expected">;

/** Makes a file that is not there yet, whole or not at all; refuses when there is something of that name. */
export async function createFile({ path, bytes, temporary }: CreateOptions): Promise<Replaced> {
  const beside = join(dirname(path), temporary);
  try {
    await writeSynced(beside, bytes, 0o666);
    // Unlike a rename, this takes nobody's file away.
    await link(beside, path);
    // The file is there: that another name of it stays is no reason to say that it is not.
    await rm(beside, { force: true }).catch(() => undefined);
    await syncFolder(dirname(path)).catch(() => undefined);
    return { ok: true };
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { ok: false, reason: code === "EEXIST" ? "it has been made meanwhile" : code };
  }
}

/** Only root may give files away; where nothing is to be changed nobody needs to. */
async function keepOwner(file: FileHandle, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const own = await file.stat();
  if (own.uid === uid && own.gid === gid) return;
  await file.chown(uid, gid).catch(() => undefined);
}
