import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gatherFacts } from "../../../src/lint/pool.ts";
import { LARGEST } from "../../../src/lint/read-file.ts";
import { makeTree } from "./tree.ts";

const never = new AbortController().signal;
const base = { areas: ["markers", "awaits"], digests: false, signal: never } as const;

describe("facts of many files", () => {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [
      `t/test_${String(index).padStart(3, "0")}.py`,
      index === 77 ? "def f(:\n" : `import pytest\n\n@pytest.mark.m${index}\ndef test_a():\n    pass\n`,
    ]),
  );

  it("are the same from threads and from here, in the order of the files", async () => {
    const root = makeTree(files);
    const paths = Object.keys(files).sort();
    const here = await gatherFacts(paths, { ...base, root, threads: 1 });
    const progress: number[] = [];
    const threads = await gatherFacts(paths, {
      ...base,
      root,
      threads: 3,
      onProgress: (done) => progress.push(done),
    });
    expect(threads.map(({ path }) => path)).toEqual(paths);
    expect(threads).toEqual(here);
    expect(threads.filter(({ fault }) => fault !== undefined)).toMatchObject([
      { path: "t/test_077.py", fault: { code: "LINT_SYNTAX_ERROR", line: 1 } },
    ]);
    expect(threads.reduce((sum, { lines }) => sum + lines, 0)).toBe(199 * 5 + 1);
    expect(progress.at(-1)).toBe(200);
  });

  it("are given up when it is asked for, and no thread is left", async () => {
    const root = makeTree(files);
    const controller = new AbortController();
    const work = gatherFacts(Object.keys(files), {
      ...base,
      root,
      threads: 2,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(work).rejects.toThrow("enough");
  });

  it("are those of all other files when one takes for ever", async () => {
    const root = makeTree({ ...files, "t/test_endless.py": `x = [${"1,".repeat(LARGEST / 2 - 10)}]\n` });
    const paths = [...Object.keys(files), "t/test_endless.py"].toSorted((a, b) => (a < b ? -1 : 1));
    const facts = await gatherFacts(paths, { ...base, root, threads: 2, deadlineMs: 1500 });
    expect(facts.map(({ path }) => path)).toEqual(paths);
    expect(facts.filter(({ fault }) => fault?.code === "LINT_FAILED")).toEqual([
      {
        path: "t/test_endless.py",
        lines: 0,
        fault: { code: "LINT_FAILED", reason: "it took longer than 1500 ms" },
      },
    ]);
  }, 30_000);

  it("has a fault for each file that is no text, too large, gone, or a FIFO by now", async () => {
    const root = makeTree({ "nul.py": "a\0b", "large.py": "", "ok.py": "x = 1\n" });
    truncateSync(join(root, "large.py"), LARGEST + 1);
    execFileSync("mkfifo", [join(root, "fifo.py")]);
    const facts = await gatherFacts(["fifo.py", "gone.py", "large.py", "nul.py", "ok.py"], { ...base, root });
    expect(facts.map(({ path, fault }) => [path, fault?.code])).toEqual([
      ["fifo.py", "LINT_NOT_A_FILE"],
      ["gone.py", "LINT_UNREADABLE"],
      ["large.py", "LINT_TOO_LARGE"],
      ["nul.py", "LINT_NOT_TEXT"],
      ["ok.py", undefined],
    ]);
  });
});
