import { join } from "node:path";
import { createFile, digestOf, replaceFile } from "./journal/durable.ts";
import { writeJournal } from "./journal/journal.ts";
import { pruneJournals } from "./journal/prune.ts";
import type { FileRefusal, PreparedFile } from "./prepare-fix.ts";

export interface WriteFixOptions {
  readonly root: string;
  /** Where the journals are. */
  readonly journals: string;
  readonly now: Date;
  readonly files: readonly PreparedFile[];
  readonly signal: AbortSignal;
  /** Of the journal. */
  readonly mark?: string;
}

export interface WrittenFix {
  /** What `greenlight lint undo` takes. */
  readonly run: string;
  readonly written: readonly string[];
  readonly refused: readonly FileRefusal[];
}

/**
 * Writes the journal, then each file. Ended between two files, those before are new and those after are old; the journal
 * knows both. Old journals go. @throws what keeps the journal from being written: then no file has been touched.
 */
export async function writeFix(options: WriteFixOptions): Promise<WrittenFix> {
  const { root, journals, now, files, signal, mark } = options;
  signal.throwIfAborted();
  const journal = await writeJournal({ folder: journals, root, now, changes: files, mark });
  const written: string[] = [];
  const refused: FileRefusal[] = [];
  for (const [index, { file, bytes, before, created }] of files.entries()) {
    if (signal.aborted) {
      refused.push({ file, reason: "interrupted before it was written" });
      continue;
    }
    const temporary = journal.files[index]?.temporary ?? `.greenlight-${digestOf(bytes)}.tmp`;
    const target = { path: join(root, file), bytes, temporary };
    const replaced = await (created === true
      ? createFile(target)
      : replaceFile({ ...target, expected: before }));
    if (replaced.ok) written.push(file);
    else refused.push({ file, reason: replaced.reason });
  }
  await pruneJournals(journals, now);
  return { run: journal.run, written, refused };
}
