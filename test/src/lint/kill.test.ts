import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, watch } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { listRuns, readJournal } from "../../../src/lint/journal/journal.ts";
import { undoRun } from "../../../src/lint/undo.ts";
import { makeTree } from "./tree.ts";

const COUNT = 40;
const before = (index: number) => `# ${index}\n${"x = 'old'\n".repeat(500)}`;
const after = (index: number) => before(index).replaceAll("old", "new");

/** How many files are new when it was killed as soon as so many were seen to change: 0 is before the first. */
async function killAfter(changes: number): Promise<number> {
  const names = Array.from({ length: COUNT }, (_, index) => `f${index}.py`);
  const root = makeTree(Object.fromEntries(names.map((name, index) => [name, before(index)])));
  const journals = makeTree({});
  let seen = 0;
  const watcher = watch(root, (_event, name) => {
    if (name !== null && names.includes(name) && ++seen === changes) child.kill("SIGKILL");
  });
  const child = spawn(process.execPath, [
    resolve("test/src/lint/write-many.ts"),
    root,
    journals,
    String(COUNT),
  ]);
  const closed = once(child, "close");
  await once(child.stdout, "data");
  if (changes === 0) child.kill("SIGKILL");
  await closed;
  watcher.close();
  const texts = names.map((name) => readFileSync(join(root, name), "utf8"));
  for (const [index, text] of texts.entries()) expect([before(index), after(index)]).toContain(text);
  const written = texts.filter((text, index) => text === after(index)).length;
  const [run] = await listRuns(journals);
  // No file is touched before the journal is whole.
  if (run === undefined) {
    expect(written).toBe(0);
    return 0;
  }
  const journal = await readJournal(journals, run);
  if (journal === undefined) throw new Error("a run without a journal");
  expect((await undoRun(journal, journals)).filter(({ action }) => action === "restored")).toHaveLength(
    written,
  );
  for (const [index, name] of names.entries())
    expect(readFileSync(join(root, name), "utf8")).toBe(before(index));
  // Nothing is left beside the files.
  expect(readdirSync(root).sort()).toEqual(names.toSorted());
  return written;
}

it("a fix that is killed leaves each file old or new, and undo restores them all", async () => {
  const counts: number[] = [];
  for (const changes of [0, 1, 2, 5, 10, 20, 30]) counts.push(await killAfter(changes));
  // Some were killed in the middle, or this has shown nothing.
  expect(counts.some((count) => count > 0 && count < COUNT)).toBe(true);
}, 60_000);
