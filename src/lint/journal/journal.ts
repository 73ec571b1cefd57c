import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "../../../services/json.ts";
import { syncFolder, writeSynced } from "./durable.ts";

/** One file of a run. Digests are SHA-256 of the bytes, in hexadecimal. */
export interface JournalEntry {
  /** Relative to `root`, with `/`. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** The file beside the journal that holds the bytes from before. */
  readonly original: string;
  /** The run made the file: to undo it is to remove it. */
  readonly created?: true;
  /** What it is written to before it takes the place of the file, in the same folder. */
  readonly temporary: string;
}

export interface Journal {
  readonly schemaVersion: 1;
  readonly run: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly root: string;
  readonly files: readonly JournalEntry[];
  /** What asked for it, where that was no person: found again by it. */
  readonly mark?: string;
}

export interface PlannedChange {
  readonly file: string;
  readonly original: Buffer;
  readonly before: string;
  readonly after: string;
  /** There is no such file yet; `original` is empty. */
  readonly created?: true;
}

const NAME = "journal.json";
export const RUN_NAME = /^\d{8}T\d{6}-[\da-f]{6}$/;

/** Runs sort by the time at which they began. */
export function newRunName(now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+Z/g, "");
  return `${time}-${randomBytes(3).toString("hex")}`;
}

export interface WriteJournalOptions {
  readonly folder: string;
  readonly root: string;
  readonly now: Date;
  readonly changes: readonly PlannedChange[];
  readonly mark?: string | undefined;
}

/**
 * Writes down what will be changed, and has it on the disk before it resolves. The run shows in the list only when it is
 * whole: it is made under another name.
 */
export async function writeJournal({
  folder,
  root,
  now,
  changes,
  mark,
}: WriteJournalOptions): Promise<Journal> {
  const run = newRunName(now);
  const files = changes.map(({ file, before, after, created }, index) => ({
    file,
    before,
    after,
    ...(created === true && { created }),
    original: `${index}.original`,
    temporary: `.${file.slice(file.lastIndexOf("/") + 1)}.greenlight-${run}.tmp`,
  }));
  const marked = mark === undefined ? {} : { mark };
  const journal: Journal = { schemaVersion: 1, run, startedAt: now.toISOString(), root, files, ...marked };
  const unfinished = join(folder, `.${run}`);
  // Others have no business with the sources of the suite.
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  for (const [index, { original }] of changes.entries())
    await writeSynced(join(unfinished, `${index}.original`), original);
  await writeSynced(join(unfinished, NAME), Buffer.from(`${JSON.stringify(journal, null, 2)}\n`));
  await syncFolder(unfinished);
  await rename(unfinished, join(folder, run));
  await syncFolder(folder);
  return journal;
}

/** Undefined when there is no such run. @throws Error naming the file when its journal cannot be read. */
export async function readJournal(folder: string, run: string): Promise<Journal | undefined> {
  // A run is a name, not a path.
  if (!RUN_NAME.test(run)) return undefined;
  const path = join(folder, run, NAME);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const journal = parseJson(text) as Journal | undefined;
  if (journal?.schemaVersion !== 1 || !Array.isArray(journal.files))
    throw new Error(`${path} is no journal of this version`);
  return journal;
}

/** Newest first. */
export async function listRuns(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => RUN_NAME.test(name)).sort((a, b) => (a < b ? 1 : -1));
}
