import { execFileSync } from "node:child_process";
import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { walkTree } from "../../../src/lint/walk.ts";
import { makeTree } from "./tree.ts";

const never = new AbortController().signal;
const walk = (root: string, exclude: readonly string[] = []) =>
  walkTree({ root, exclude, wanted: (name) => name === "pytest.ini", signal: never });

describe("a walk", () => {
  it("lists Python files and those asked for, sorted, and leaves out what is not the suite's", async () => {
    const root = makeTree({
      "b.py": "",
      "a/z.py": "",
      "a/a.py": "",
      "a/notes.txt": "",
      "a/pytest.ini": "",
      ".git/hooks/x.py": "",
      "node_modules/x/x.py": "",
      "a/__pycache__/x.py": "",
      ".venv/x.py": "",
      "myenv/pyvenv.cfg": "",
      "myenv/x.py": "",
      "build/lib/x.py": "",
      "src/build/__init__.py": "",
      "x.egg-info/x.py": "",
    });
    expect(await walk(root)).toEqual({
      files: ["a/a.py", "a/z.py", "b.py", "src/build/__init__.py"],
      named: ["a/pytest.ini"],
      faults: [],
    });
  });

  it("leaves out what is excluded, folders as a whole", async () => {
    const root = makeTree({ "a/data/x.py": "", "a/x.py": "", "b_gen.py": "" });
    expect((await walk(root, ["**/data", "*_gen.py"])).files).toEqual(["a/x.py"]);
  });

  it("ends at links that lead in a circle, and follows one to another folder once", async () => {
    const other = makeTree({ "lib.py": "" });
    const root = makeTree({ "a/x.py": "", "y.py": "" });
    symlinkSync("..", join(root, "a", "up"));
    symlinkSync("self", join(root, "self"));
    symlinkSync(join(root, "a"), join(root, "again"));
    symlinkSync(join(root, "y.py"), join(root, "z.py"));
    symlinkSync(other, join(root, "other1"));
    symlinkSync(other, join(root, "other2"));
    symlinkSync("other2/..", join(other, "back"));
    const { files, faults } = await walk(root);
    expect(files).toEqual(["a/x.py", "other1/lib.py", "y.py"]);
    expect(faults).toEqual([
      { code: "LINT_LINK_LOOP", path: "a/up", reason: "the link leads to a folder that it is in" },
      { code: "LINT_LINK_LOOP", path: "self", reason: "the link leads to itself" },
    ]);
  });

  it("tells what is named like a Python file and is none", async () => {
    const root = makeTree({ "x.py": "" });
    execFileSync("mkfifo", [join(root, "fifo.py")]);
    execFileSync("mkfifo", [join(root, "fifo.txt")]);
    symlinkSync("nowhere", join(root, "broken.py"));
    const { files, faults } = await walk(root);
    expect(files).toEqual(["x.py"]);
    expect(faults).toEqual([
      { code: "LINT_NOT_A_FILE", path: "broken.py", reason: "it is a link to what is not there" },
      { code: "LINT_NOT_A_FILE", path: "fifo.py", reason: "it is a FIFO" },
    ]);
  });

  // Root may read everything.
  it.skipIf(process.getuid?.() === 0)("tells a folder that it may not read, and lists the rest", async () => {
    const root = makeTree({ "shut/x.py": "", "y.py": "" });
    chmodSync(join(root, "shut"), 0);
    const { files, faults } = await walk(root);
    chmodSync(join(root, "shut"), 0o700);
    expect(files).toEqual(["y.py"]);
    expect(faults).toEqual([{ code: "LINT_UNREADABLE", path: "shut", reason: "not permitted (EACCES)" }]);
  });

  it("ends when it is told to", async () => {
    const root = makeTree({ "a/x.py": "" });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(walkTree({ root, exclude: [], wanted: () => false, signal })).rejects.toThrow("enough");
  });
});
