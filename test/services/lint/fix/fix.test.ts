import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, constantFrom, nat, property, string, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { createFinding } from "../../../../services/findings/create.ts";
import { applyEdits } from "../../../../services/lint/fix/apply.ts";
import { unifiedDiff } from "../../../../services/lint/fix/diff.ts";
import { planFixes } from "../../../../services/lint/fix/plan.ts";
import { splice } from "../../../../services/lint/fix/splice.ts";
import { decodePython, type Decoded } from "../../../../services/lint/python/decode.ts";
import type { Edit, LintFinding } from "../../../../services/lint/python/source-file.ts";

const edit = (start: number, end: number, text: string, file = "a.py"): Edit => ({ file, start, end, text });
const finding = (subject: string, edits?: readonly Edit[]): LintFinding => ({
  finding: createFinding({ code: "LINT_FAILED", subject, message: subject }),
  ...(edits === undefined ? {} : { edits }),
});
const subjects = (findings: readonly LintFinding[]) => findings.map(({ finding }) => finding.message);

describe("a plan of fixes", () => {
  it("sorts edits by file and place, whoever asked first", () => {
    const plan = planFixes([
      finding("one", [edit(9, 10, "x", "b.py")]),
      finding("two", [edit(5, 6, "y"), edit(1, 2, "z")]),
      finding("none"),
    ]);
    expect([...plan.edits]).toEqual([
      ["a.py", [edit(1, 2, "z"), edit(5, 6, "y")]],
      ["b.py", [edit(9, 10, "x", "b.py")]],
    ]);
    expect(subjects(plan.fixed)).toEqual(["one", "two"]);
  });

  it("leaves what meets another change for the next time, all of it", () => {
    const plan = planFixes([
      finding("first", [edit(1, 5, "")]),
      finding("second", [edit(4, 6, ""), edit(1, 2, "", "b.py")]),
    ]);
    expect([...plan.edits.keys()]).toEqual(["a.py"]);
    expect(subjects(plan.deferred)).toEqual(["second"]);
  });

  it("does once what two findings ask for", () => {
    const plan = planFixes([finding("first", [edit(3, 3, "x")]), finding("second", [edit(3, 3, "x")])]);
    expect(plan.edits.get("a.py")).toEqual([edit(3, 3, "x")]);
    expect(subjects(plan.fixed)).toEqual(["first", "second"]);
  });

  it("takes two insertions at one place one after the other", () => {
    const plan = planFixes([finding("first", [edit(3, 3, "x")]), finding("second", [edit(3, 3, "y")])]);
    expect(subjects(plan.deferred)).toEqual(["second"]);
  });
});

function decoded(bytes: Buffer): Decoded {
  const result = decodePython(bytes);
  if (!result.ok) throw new Error(result.reason);
  return result;
}

describe("new bytes", () => {
  it("keep the byte order mark, the line ends and the missing end of the last line", () => {
    const original = Buffer.from("\uFEFFé = 1\r\nawait f()\r\nlast");
    const text = decoded(original).text;
    const at = text.indexOf("await");
    const result = splice(original, decoded(original), [edit(0, 0, "import x\n"), edit(at, at + 6, "")]);
    expect(result).toEqual({ ok: true, bytes: Buffer.from("\uFEFFimport x\r\né = 1\r\nf()\r\nlast") });
  });

  it("keep an encoding of one byte", () => {
    const original = Buffer.from("# coding: latin-1\n'é' + await f()\n", "latin1");
    const at = decoded(original).text.indexOf("await");
    expect(splice(original, decoded(original), [edit(at, at + 6, "")])).toEqual({
      ok: true,
      bytes: Buffer.from("# coding: latin-1\n'é' + f()\n", "latin1"),
    });
    expect(splice(original, decoded(original), [edit(at, at + 6, "я")])).toMatchObject({
      reason: "the change cannot be written in the encoding latin1",
    });
  });

  it("are not made in encodings whose characters are of several sizes", () => {
    const original = Buffer.concat([
      Buffer.from("# coding: shift_jis\n'"),
      Buffer.from([0x82, 0xa0]),
      Buffer.from("'\n"),
    ]);
    expect(splice(original, decoded(original), [edit(0, 0, "x")])).toMatchObject({
      reason: "files in the encoding shift_jis are not changed",
    });
  });
});

const LINES = constantFrom("a\n", "b\n", "é\n", "\n", "  x = 1\n", "𝒳\n", "last");

/** A text and edits of it that do not overlap. */
const edited = tuple(
  array(LINES, { maxLength: 40 }),
  array(tuple(nat(400), nat(12), string({ maxLength: 6 })), { maxLength: 6 }),
).map(([lines, raw]) => {
  const text = lines.join("");
  // Offsets between characters, never within one.
  const places = [0];
  for (const character of text) places.push((places.at(-1) ?? 0) + character.length);
  const edits: Edit[] = [];
  for (const [from, length, replacement] of raw.toSorted((a, b) => a[0] - b[0])) {
    const start = from % places.length;
    const end = Math.min(places.length - 1, start + length);
    const one = edit(places[start] ?? 0, places[end] ?? 0, replacement.replaceAll("\r", "\n").toWellFormed());
    const last = edits.at(-1);
    if (last === undefined || one.start > last.end) edits.push(one);
  }
  return { text, edits };
});

describe("for any edits", () => {
  it("the new bytes are those of the new text", () => {
    assert(
      property(edited, ({ text, edits }) => {
        const original = Buffer.from(text);
        const result = splice(original, { text, encoding: "utf-8", bom: 0 }, edits);
        expect(result.ok && result.bytes.toString()).toBe(applyEdits(text, edits));
      }),
    );
  });

  it("the diff leads from the old text to the new one", () => {
    assert(
      property(edited, ({ text, edits }) => {
        const after = applyEdits(text, edits);
        const diff = unifiedDiff("a.py", text, edits);
        expect(patched(text, diff)).toBe(after);
      }),
    );
  });
});

/** What a strict reader of unified diffs makes of it. */
function patched(text: string, diff: string): string {
  const lines = linesOf(text);
  const result: string[] = [];
  let read = 0;
  const body = linesOf(diff).slice(2);
  for (const [index, line] of body.entries()) {
    const hunk = /^@@ -(\d+),(\d+) /.exec(line);
    if (hunk !== null) {
      const start = Number(hunk[1]) - (Number(hunk[2]) === 0 ? 0 : 1);
      result.push(...lines.slice(read, start));
      read = start;
    } else if (!line.startsWith("\\")) {
      const content = body[index + 1]?.startsWith("\\") === true ? line.slice(1, -1) : line.slice(1);
      if (!line.startsWith("-")) result.push(content);
      if (line.startsWith("+")) continue;
      expect(lines[read]).toBe(content);
      read += 1;
    }
  }
  return [...result, ...lines.slice(read)].join("");
}

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

describe("a diff", () => {
  const text = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join("");

  it("shows three lines around each change, and joins what is near", () => {
    const at = (line: number) => text.indexOf(`line ${line}\n`);
    expect(
      unifiedDiff("t/a.py", text, [
        edit(at(3), at(3), "new\n"),
        edit(at(5), at(5) + 4, "LINE"),
        edit(at(25), at(26), ""),
      ]),
    ).toBe(`--- a/t/a.py
+++ b/t/a.py
@@ -1,8 +1,9 @@
 line 1
 line 2
+new
 line 3
 line 4
-line 5
+LINE 5
 line 6
 line 7
 line 8
@@ -22,7 +23,6 @@
 line 22
 line 23
 line 24
-line 25
 line 26
 line 27
 line 28
`);
  });

  it("shows changes of lines next to each other as one", () => {
    const edits = [edit(0, 1, "A"), edit(2, 3, "B")];
    expect(unifiedDiff("a.py", "a\nb\n", edits)).toBe(
      "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-a\n-b\n+A\n+B\n",
    );
  });

  it("is empty when nothing changes", () => {
    expect(unifiedDiff("a.py", text, [edit(0, 4, "line")])).toBe("");
  });

  it("is one that git applies", () => {
    const folder = mkdtempSync(join(tmpdir(), "greenlight-diff-"));
    try {
      const old = "a\nb\nc";
      writeFileSync(join(folder, "a.py"), old);
      const diff = unifiedDiff("a.py", old, [edit(0, 1, "A"), edit(5, 5, "\nd\n")]);
      execFileSync("git", ["apply", "-"], { cwd: folder, input: diff });
      expect(readFileSync(join(folder, "a.py"), "utf8")).toBe("A\nb\nc\nd\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
