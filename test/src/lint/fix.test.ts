import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFinding } from "../../../services/findings/create.ts";
import type { Edit, LintFinding } from "../../../services/lint/python/source-file.ts";
import { digestOf } from "../../../src/lint/journal/durable.ts";
import { journalFolder } from "../../../src/lint/journal/folder.ts";
import { listRuns, newRunName, readJournal, writeJournal } from "../../../src/lint/journal/journal.ts";
import { pruneJournals } from "../../../src/lint/journal/prune.ts";
import { prepareFix } from "../../../src/lint/prepare-fix.ts";
import { undoRun } from "../../../src/lint/undo.ts";
import { writeFix } from "../../../src/lint/write-fix.ts";
import { makeTree } from "./tree.ts";

const never = new AbortController().signal;
const now = new Date("2026-03-14T09:15:00Z");

const finding = (...edits: readonly Edit[]): LintFinding => ({
  finding: createFinding({ code: "LINT_FAILED", subject: "x", message: "x" }),
  edits,
});
const replace = (file: string, text = "y"): LintFinding => finding({ file, start: 0, end: 1, text });
const digests = (root: string, files: readonly string[]): Map<string, string> =>
  new Map(files.map((file) => [file, digestOf(readFileSync(join(root, file)))]));

async function write(root: string, findings: readonly LintFinding[], files: readonly string[]) {
  const journals = makeTree({});
  const prepared = await prepareFix({ root, findings, digests: digests(root, files) });
  const written = await writeFix({ root, journals, now, files: prepared.files, signal: never });
  const journal = await readJournal(journals, written.run);
  if (journal === undefined) throw new Error("no journal");
  return { journals, prepared, written, journal };
}

describe("a fix", () => {
  it("writes files with their mode, and the way back outside of the tree", async () => {
    const root = makeTree({ "a.py": "x = 1\n", "t/b.py": "x = 2\r\n" });
    chmodSync(join(root, "a.py"), 0o754);
    const { journals, written, journal } = await write(
      root,
      [replace("a.py"), replace("t/b.py")],
      ["a.py", "t/b.py"],
    );
    expect(written).toEqual({ run: journal.run, written: ["a.py", "t/b.py"], refused: [] });
    expect(written.run).toMatch(/^20260314T091500-[\da-f]{6}$/);
    expect(readFileSync(join(root, "a.py"), "utf8")).toBe("y = 1\n");
    expect(readFileSync(join(root, "t/b.py"), "utf8")).toBe("y = 2\r\n");
    expect(statSync(join(root, "a.py")).mode & 0o777).toBe(0o754);
    expect(
      readdirSync(root, { recursive: true })
        .map(String)
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(["a.py", "t", "t/b.py"]);
    expect(await listRuns(journals)).toEqual([written.run]);
    expect(statSync(join(journals, written.run)).mode & 0o077).toBe(0);
  });

  it("is undone to the last byte, once", async () => {
    const root = makeTree({ "a.py": "x = 1\n", "b.py": "x = 2" });
    const { journals, journal } = await write(root, [replace("a.py"), replace("b.py")], ["a.py", "b.py"]);
    expect(await undoRun(journal, journals)).toEqual([
      { file: "a.py", action: "restored" },
      { file: "b.py", action: "restored" },
    ]);
    expect(readFileSync(join(root, "b.py"), "utf8")).toBe("x = 2");
    expect((await undoRun(journal, journals)).map(({ action }) => action)).toEqual([
      "unchanged",
      "unchanged",
    ]);
  });

  it("is not undone where somebody has worked since", async () => {
    const files = ["a.py", "b.py", "c.py"];
    const root = makeTree(Object.fromEntries(files.map((file) => [file, "x = 1\n"])));
    const { journals, journal } = await write(
      root,
      files.map((file) => replace(file)),
      files,
    );
    writeFileSync(join(root, "a.py"), "mine\n");
    rmSync(join(root, "c.py"));
    expect(await undoRun(journal, journals)).toEqual([
      { file: "a.py", action: "refused", reason: "it has been changed since the run" },
      { file: "b.py", action: "restored" },
      { file: "c.py", action: "refused", reason: "it is gone" },
    ]);
    expect(readFileSync(join(root, "a.py"), "utf8")).toBe("mine\n");
  });

  it("is not undone from a journal whose bytes are not what they were", async () => {
    const root = makeTree({ "a.py": "x = 1\n" });
    const { journals, journal } = await write(root, [replace("a.py")], ["a.py"]);
    writeFileSync(join(journals, journal.run, "0.original"), "other\n");
    expect(await undoRun(journal, journals)).toMatchObject([{ action: "refused" }]);
    expect(readFileSync(join(root, "a.py"), "utf8")).toBe("y = 1\n");
  });
});

describe("a fix that makes a file", () => {
  const made = finding({ file: "pytest.ini", start: 0, end: 0, text: "[pytest]\n", creates: true });

  it("shows it as new, makes it, and is undone by taking it away", async () => {
    const root = makeTree({ "a.py": "x = 1\n" });
    const { journals, journal, prepared, written } = await write(root, [made, replace("a.py")], ["a.py"]);
    expect(prepared.files.find(({ file }) => file === "pytest.ini")?.diff).toBe(
      "--- /dev/null\n+++ b/pytest.ini\n@@ -0,0 +1,1 @@\n+[pytest]\n",
    );
    expect(written.written).toEqual(["a.py", "pytest.ini"]);
    expect(readFileSync(join(root, "pytest.ini"), "utf8")).toBe("[pytest]\n");
    expect(statSync(join(root, "pytest.ini")).mode & 0o777).toBe(0o666 & ~process.umask());
    expect(await undoRun(journal, journals)).toEqual([
      { file: "a.py", action: "restored" },
      { file: "pytest.ini", action: "removed" },
    ]);
    expect(readdirSync(root)).toEqual(["a.py"]);
    expect((await undoRun(journal, journals)).map(({ action }) => action)).toEqual([
      "unchanged",
      "unchanged",
    ]);
  });

  it("leaves alone what somebody has made of it since", async () => {
    const root = makeTree({});
    const { journals, journal } = await write(root, [made], []);
    for (const text of ["[pytest]\naddopts = -q\n", ""]) {
      writeFileSync(join(root, "pytest.ini"), text);
      expect(await undoRun(journal, journals)).toMatchObject([{ action: "refused" }]);
      expect(readFileSync(join(root, "pytest.ini"), "utf8")).toBe(text);
    }
    rmSync(join(root, "pytest.ini"));
    mkdirSync(join(root, "pytest.ini"));
    expect(await undoRun(journal, journals)).toMatchObject([{ action: "refused" }]);
  });

  it("takes the place of nothing, neither before nor between the diff and the writing", async () => {
    const root = makeTree({});
    symlinkSync("/nowhere", join(root, "pytest.ini"));
    const late = await prepareFix({ root, findings: [made], digests: new Map() });
    expect(late.refused).toEqual([{ file: "pytest.ini", reason: "it is there already" }]);
    rmSync(join(root, "pytest.ini"));
    const { files } = await prepareFix({ root, findings: [made], digests: new Map() });
    writeFileSync(join(root, "pytest.ini"), "mine\n");
    const { refused } = await writeFix({ root, journals: makeTree({}), now, files, signal: never });
    expect(refused).toEqual([{ file: "pytest.ini", reason: "it has been made meanwhile" }]);
    expect(readFileSync(join(root, "pytest.ini"), "utf8")).toBe("mine\n");
    expect(readdirSync(root)).toEqual(["pytest.ini"]);
  });
});

describe("a file", () => {
  it("that was changed after it was linted is left alone, and with it what belongs together", async () => {
    const root = makeTree({ "a.py": "x = 1\n", "b.py": "x = 2\n", "c.py": "x = 3\n" });
    const known = digests(root, ["a.py", "b.py", "c.py"]);
    writeFileSync(join(root, "a.py"), "x = 9\n");
    const both = finding(
      { file: "a.py", start: 0, end: 1, text: "y" },
      { file: "b.py", start: 0, end: 1, text: "y" },
    );
    const prepared = await prepareFix({ root, findings: [both, replace("c.py")], digests: known });
    expect(prepared.files.map(({ file }) => file)).toEqual(["c.py"]);
    expect(prepared.refused).toEqual([{ file: "a.py", reason: "it has been changed since it was linted" }]);
    expect(prepared.fixed).toHaveLength(1);
  });

  it("that is changed between the diff and the writing is left alone", async () => {
    const root = makeTree({ "a.py": "x = 1\n", "b.py": "x = 2\n" });
    const prepared = await prepareFix({
      root,
      findings: [replace("a.py"), replace("b.py")],
      digests: digests(root, ["a.py", "b.py"]),
    });
    writeFileSync(join(root, "a.py"), "mine\n");
    const journals = makeTree({});
    const written = await writeFix({ root, journals, now, files: prepared.files, signal: never });
    expect(written).toMatchObject({
      written: ["b.py"],
      refused: [{ file: "a.py", reason: "it has been changed meanwhile" }],
    });
    expect(readFileSync(join(root, "a.py"), "utf8")).toBe("mine\n");
    expect(readdirSync(root).sort()).toEqual(["a.py", "b.py"]);
  });

  it("outside of the tree is left alone, whatever links lead to it", async () => {
    const outside = makeTree({ "lib.py": "x = 1\n" });
    const root = makeTree({ "a.py": "x = 1\n" });
    symlinkSync(outside, join(root, "linked"));
    const prepared = await prepareFix({
      root,
      findings: [replace("linked/lib.py")],
      digests: digests(root, ["linked/lib.py"]),
    });
    expect(prepared).toMatchObject({
      files: [],
      refused: [{ file: "linked/lib.py", reason: `it is outside of ${root}` }],
    });
  });

  it("that is read-only is left alone", async () => {
    const root = makeTree({ "a.py": "x = 1\n" });
    chmodSync(join(root, "a.py"), 0o444);
    const { written } = await write(root, [replace("a.py")], ["a.py"]);
    expect(written.refused).toEqual([{ file: "a.py", reason: "it is read-only" }]);
  });

  it("is not made invalid", async () => {
    const root = makeTree({ "a.py": "x = 1\n" });
    const prepared = await prepareFix({
      root,
      findings: [replace("a.py", "(")],
      digests: digests(root, ["a.py"]),
    });
    expect(prepared.files).toEqual([]);
    expect(prepared.refused[0]?.reason).toMatch(/would leave it invalid/);
  });
});

describe("old journals", () => {
  const dayMs = 86_400_000;
  const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);

  async function journalOf(folder: string, days: number, mark?: string): Promise<string> {
    const { run } = await writeJournal({ folder, root: "/nowhere", now: daysAgo(days), changes: [], mark });
    return run;
  }

  it("go after 30 days, but the newest 20 and those of plans", async () => {
    const folder = makeTree({});
    const plan = await journalOf(folder, 90, "plan:1");
    const old = await journalOf(folder, 31);
    const young: string[] = [];
    for (let day = 0; day < 25; day += 1) young.push(await journalOf(folder, day));
    const lonely = makeTree({});
    const only = await journalOf(lonely, 400);
    await pruneJournals(folder, now);
    await pruneJournals(lonely, now);
    expect(await listRuns(folder)).toEqual([...young, plan]);
    expect(await listRuns(folder)).not.toContain(old);
    expect(await listRuns(lonely)).toEqual([only]);
  });

  it("go with what a run that was killed has left, and nothing else", async () => {
    const folder = makeTree({
      [`.${newRunName(daysAgo(31))}/0.original`]: "x",
      [`.${newRunName(now)}/0.original`]: "x",
      "notes/a.txt": "mine",
      ".hidden": "mine",
    });
    await pruneJournals(folder, now);
    expect(readdirSync(folder)).toHaveLength(3);
    await expect(pruneJournals(join(folder, "nowhere"), now)).resolves.toBeUndefined();
  });

  it("go when another fix is written", async () => {
    const root = makeTree({ "a.py": "x = 1\n" });
    const journals = makeTree({});
    for (let count = 0; count < 21; count += 1) await journalOf(journals, 60 + count);
    const digest = digests(root, ["a.py"]);
    const { files } = await prepareFix({ root, findings: [replace("a.py")], digests: digest });
    const { run } = await writeFix({ root, journals, now, files, signal: never });
    const runs = await listRuns(journals);
    expect(runs).toHaveLength(20);
    expect(runs[0]).toBe(run);
  });
});

describe("the journal", () => {
  it("is in the folder for state, by the variables", () => {
    expect(journalFolder({ XDG_STATE_HOME: "/s", HOME: "/h" })).toBe("/s/greenlight/lint");
    expect(journalFolder({ XDG_STATE_HOME: "relative", HOME: "/h" })).toBe("/h/.local/state/greenlight/lint");
  });

  it("that cannot be written leaves all files as they are", async () => {
    const root = makeTree({ "a.py": "x = 1\n", "no-folder": "" });
    const { files } = await prepareFix({
      root,
      findings: [replace("a.py")],
      digests: digests(root, ["a.py"]),
    });
    const journals = join(root, "no-folder", "state");
    await expect(writeFix({ root, journals, now, files, signal: never })).rejects.toThrow(/ENOTDIR/);
    expect(readFileSync(join(root, "a.py"), "utf8")).toBe("x = 1\n");
  });

  it("knows a run by its name, and no path", async () => {
    const root = makeTree({ "a.py": "x = 1\n" });
    const { journals, journal } = await write(root, [replace("a.py")], ["a.py"]);
    mkdirSync(join(dirname(journals), "elsewhere"), { recursive: true });
    expect(
      await readJournal(journals, `../${journals.split("/").at(-1) ?? ""}/${journal.run}`),
    ).toBeUndefined();
    renameSync(join(journals, journal.run, "journal.json"), join(journals, journal.run, "other"));
    expect(await readJournal(journals, journal.run)).toBeUndefined();
  });
});
