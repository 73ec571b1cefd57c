import { describe, expect, it } from "vitest";
import { findingsOf, pythonTruth } from "./truth.ts";

const HEAD =
  "async def co(*a): return a\ndef f(*a): return [*a]\nclass C:\n    async def go(self): return 1\n";

const START = "async def check():\n";

/** A program around the body of an async function, and what `--fix` makes of it. */
async function fixed(body: string): Promise<string> {
  const text = `${HEAD}${START}${body.replaceAll(/^/gm, "    ")}\n`;
  const found = await findingsOf({ "main.py": text });
  const edits = found.flatMap((finding) => finding.edits ?? []).toSorted((a, b) => b.start - a.start);
  let after = text;
  for (const edit of edits) after = after.slice(0, edit.start) + edit.text + after.slice(edit.end);
  return after;
}

const bodyOf = (text: string): string => text.slice(HEAD.length + START.length, -1).replaceAll(/^ {4}/gm, "");

const REMOVED = [
  ["await f()", "f()"],
  ["x = await f(1)  # why", "x = f(1)  # why"],
  ["x = (await f(1))[0]", "x = f(1)[0]"],
  ["x = (await f(1)).count(1)", "x = f(1).count(1)"],
  ["return(await f(1)).count(1)", "return(f(1)).count(1)"],
  ["x = (await f(1)) + [2]", "x = (f(1)) + [2]"],
  ["x = 1 if await f() else 2", "x = 1 if f() else 2"],
  ["x = not await f()", "x = not f()"],
  ["return await(f())", "return (f())"],
  ["x = [await f(y) for y in (1, 2)]", "x = [f(y) for y in (1, 2)]"],
  ['x = f"é{await f()}"', 'x = f"é{f()}"'],
  ["x = (await  # why\n    f(1,\n      2))", "x = (# why\n    f(1,\n      2))"],
  ["x = (\n    # why\n    await f()\n).count(1)", "x = (\n    # why\n    f()\n).count(1)"],
  ["await \\\n    f()", "f()"],
  ["await f(); await f()", "f(); f()"],
  ["await f(await f())", "f(f())"],
  ["x = '😀', await f()", "x = '😀', f()"],
] as const;

const INSERTED = [
  ["co()", "await co()"],
  ["(co())", "(await co())"],
  ["if True: co(); co()", "if True: await co(); await co()"],
  ["C().go()", "await C().go()"],
  ["c = C()\nc.go()  # why", "c = C()\nawait c.go()  # why"],
  ["x = co(\n    1,  # one\n)", "x = await co(\n    1,  # one\n)"],
] as const;

describe("an await is taken away", () => {
  it.each(REMOVED)("%j becomes %j", async (before, after) => {
    expect(bodyOf(await fixed(before))).toBe(after);
  });
});

describe("an await is put in", () => {
  it.each(INSERTED)("%j becomes %j", async (before, after) => {
    expect(bodyOf(await fixed(before))).toBe(after);
  });
});

it("what is written is a program that Python runs without a complaint", async () => {
  const texts = await Promise.all([...REMOVED, ...INSERTED].map(([before]) => fixed(before)));
  const truths = await pythonTruth(texts.map((text) => ({ "main.py": text })));
  expect(truths).toEqual(texts.map(() => ({ faults: [], errors: [] })));
}, 30_000);

describe("no edit where it would not be right by itself", () => {
  it.each([
    ["a coroutine made in a plain function", "async def co(): pass\ndef g():\n    co()\n"],
    [
      "a coroutine made in a class body",
      "async def co(): pass\nasync def g():\n    class A:\n        co()\n",
    ],
    ["an async generator", "async def gen(): yield\nasync def g():\n    await gen()\n    gen()\n"],
    ["an await outside async", "def f(): return 1\ndef g():\n    await f()\n"],
  ])("%s", async (_, text) => {
    const found = await findingsOf({ "main.py": text });
    expect(found).not.toEqual([]);
    expect(found.flatMap(({ edits = [] }) => edits)).toEqual([]);
    expect(found.every(({ finding }) => finding.remedies.length > 0)).toBe(true);
  });
});
