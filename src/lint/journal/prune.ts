import { rm, readdir } from "node:fs/promises";
import { join } from "node:path";
import { listRuns, readJournal, RUN_NAME } from "./journal.ts";

/** For so long every run can be undone; the newest ones for longer. */
const KEPT_DAYS = 30;
const KEPT_RUNS = 20;

const DAY_MS = 86_400_000;

/**
 * Removes the journals that are older than 30 days, but the newest 20, and what a run that was killed left of its own.
 * Those of plans stay: a rollback reads them. What cannot be removed stays too; nothing is thrown for it.
 */
export async function pruneJournals(folder: string, now: Date): Promise<void> {
  const isOld = (run: string) => now.getTime() - startOf(run) > KEPT_DAYS * DAY_MS;
  const remove = (name: string) =>
    rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  const runs = await listRuns(folder).catch(() => []);
  for (const run of runs.slice(KEPT_RUNS).filter(isOld)) {
    const journal = await readJournal(folder, run).catch(() => undefined);
    if (journal !== undefined && journal.mark === undefined) await remove(run);
  }
  const names = await readdir(folder).catch(() => []);
  const unfinished = names.filter((name) => name.startsWith(".") && RUN_NAME.test(name.slice(1)));
  for (const name of unfinished.filter((one) => isOld(one.slice(1)))) await remove(name);
}

/** The time in a run's name, in ms. */
const startOf = (run: string): number =>
  Date.parse(run.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d).*/, "$1-$2-$3T$4:$5:$6Z"));
