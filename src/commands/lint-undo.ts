import { EXIT } from "../exit-codes.ts";
import { journalFolder } from "../lint/journal/folder.ts";
import { type Journal, listRuns, readJournal } from "../lint/journal/journal.ts";
import { stateOf, undoRun } from "../lint/undo.ts";
import { renderRuns, renderUndo, type RunsReport, type UndoReport } from "../views/lint-runs.ts";
import { clean } from "../views/text.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

/** Restores what a run changed. Resolves with 0, or with 65 when some files were left alone. */
export async function lintUndo(
  context: CommandContext,
  options: OutputOptions & { readonly run: string },
): Promise<number> {
  const folder = journalFolder(context.env);
  const journal = await readJournal(folder, options.run);
  if (journal === undefined) {
    const [newest] = await listRuns(folder);
    const hint =
      newest === undefined
        ? "No --fix has written anything yet."
        : `The newest is ${newest}; greenlight lint runs lists them.`;
    throw usageError(`there is no run ${JSON.stringify(clean(options.run))} in ${folder}.`, hint);
  }
  const files = await undoRun(journal, folder);
  const ok = files.every(({ action }) => action !== "refused");
  const result: UndoReport = {
    schemaVersion: 1,
    command: "lint undo",
    ok,
    run: journal.run,
    root: journal.root,
    files,
  };
  writeResult(context, options, { result, human: renderUndo });
  return ok ? EXIT.ok : EXIT.findings;
}

/** Lists the runs with what their files are now. */
export async function lintRuns(context: CommandContext, options: OutputOptions): Promise<number> {
  const folder = journalFolder(context.env);
  const runs: RunsReport["runs"][number][] = [];
  for (const name of await listRuns(folder)) {
    const journal = await readJournal(folder, name).catch(() => undefined);
    if (journal !== undefined) runs.push(await describeRun(journal));
  }
  const result: RunsReport = { schemaVersion: 1, command: "lint runs", folder, runs };
  writeResult(context, options, { result, human: renderRuns });
  return EXIT.ok;
}

async function describeRun(journal: Journal): Promise<RunsReport["runs"][number]> {
  const states = await Promise.all(journal.files.map((entry) => stateOf(journal, entry)));
  const count = (wanted: string) => states.filter((state) => state === wanted).length;
  const { run, startedAt, root } = journal;
  return {
    run,
    startedAt,
    root,
    files: states.length,
    changed: count("new"),
    restored: count("old"),
    changedSince: states.length - count("new") - count("old"),
  };
}
