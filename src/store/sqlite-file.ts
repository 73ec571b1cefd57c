import { statSync } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../../services/remediation/store-error.ts";
import { SQLITE_TABLES, SQLITE_VERSION, sqliteUpgrade } from "./sqlite-schema.ts";

/** How long one look waits inside SQLite, which holds the event loop, ms. */
const BUSY_MS = 20;

export interface OpenFile {
  readonly database: DatabaseSync;
  /**
   * SQLite goes on writing to a file that was removed or replaced, where nobody will ever read it.
   *
   * @throws {StoreError} in that case.
   */
  checkPlace(): void;
}

/**
 * Opens the file, makes it and its folder when they are not there, readable by their owner alone, and the tables.
 *
 * @throws {StoreError}
 */
export async function openFile(path: string): Promise<OpenFile> {
  try {
    const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // In a project's own folder, where it would be committed with the rest.
    if (made !== undefined && basename(dirname(path)) === ".greenlight")
      await writeFile(join(dirname(path), ".gitignore"), "*\n");
    // Before SQLite does: it would go by the umask. The files that SQLite puts beside it have this one's mode.
    await (await open(path, "a", 0o600)).close();
    const database = new DatabaseSync(path, { timeout: BUSY_MS });
    try {
      await patiently(path, () => prepare(database, path));
      const { dev, ino } = statSync(path);
      return { database, checkPlace: () => checkPlace(path, { dev, ino }) };
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw asStoreError(path, error);
  }
}

function prepare(database: DatabaseSync, path: string): void {
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  database.exec("BEGIN IMMEDIATE");
  try {
    const { user_version: version } = database.prepare("PRAGMA user_version").get() as {
      user_version: number;
    };
    if (version > SQLITE_VERSION)
      throw new StoreError(
        "STORE_UNREADABLE",
        `${path} was written by a later Greenlight: version ${version}, expected at most ${SQLITE_VERSION}`,
      );
    if (version === 0) {
      const foreign = database.prepare("SELECT name FROM sqlite_schema LIMIT 1").get() as
        | { name: string }
        | undefined;
      if (foreign !== undefined)
        throw new StoreError(
          "STORE_UNREADABLE",
          `${path} is another program's database: expected a file of Greenlight, found the table ${foreign.name}`,
        );
      database.exec(SQLITE_TABLES);
    } else if (version < SQLITE_VERSION) database.exec(sqliteUpgrade(version));
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

interface Place {
  readonly dev: number;
  readonly ino: number;
}

function checkPlace(path: string, { dev, ino }: Place): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.ino === ino && found.dev === dev) return;
  const what = found === undefined ? "it was removed" : "another file took its place";
  throw new StoreError("STORE_UNAVAILABLE", `the store ${path} is lost: ${what} while it was in use`);
}

/**
 * Tries again while another process writes, without holding the event loop in between.
 *
 * @throws {StoreError} after `ms`, or at once for everything else.
 */
export async function patiently<T>(path: string, work: () => T, ms = 5000): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) throw asStoreError(path, error);
    }
    await sleep(5);
  }
}

/**
 * Whole or not at all; nobody else writes meanwhile.
 *
 * @throws {StoreError} as {@link patiently}, and where the file is not in its place any more.
 */
export function inTransaction<T>(
  path: string,
  { database, checkPlace }: OpenFile,
  work: () => T,
): Promise<T> {
  return patiently(path, () => {
    checkPlace();
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      // A full disk has ended the transaction by itself.
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  });
}

/** SQLITE_BUSY, SQLITE_LOCKED and their extended forms. */
const isBusy = (error: unknown): boolean =>
  [5, 6].includes(((error as { errcode?: number }).errcode ?? 0) & 0xff);

/** SQLITE_CORRUPT, SQLITE_NOTADB, and a table that is not ours. */
const isUnreadable = (error: unknown): boolean =>
  [1, 11, 26].includes(((error as { errcode?: number }).errcode ?? 0) & 0xff);

export function asStoreError(path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { message } = error as Error;
  return isUnreadable(error)
    ? new StoreError("STORE_UNREADABLE", `${path} is no store of Greenlight: ${message}`, { cause: error })
    : new StoreError("STORE_UNAVAILABLE", `the store ${path} cannot be used: ${message}`, { cause: error });
}
