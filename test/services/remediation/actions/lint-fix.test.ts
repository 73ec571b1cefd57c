import { anything, assert, oneof, property, record, string } from "fast-check";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../../../services/clock.ts";
import type { Action, Capabilities, Json } from "../../../../services/remediation/action.ts";
import { fixAwaits, registerMarkers } from "../../../../services/remediation/actions/lint-fix.ts";
import { listRuns } from "../../../../src/lint/journal/journal.ts";
import { createLintCapability } from "../../../../src/remediation/lint-capability.ts";
import { makeTree } from "../../../src/lint/tree.ts";

const { signal } = new AbortController();

const AWAITS = "def helper():\n    return 1\n\n\nasync def test_it():\n    await helper()\n";
const MENDED = AWAITS.replace("await helper", "helper");
const FILES = { "pytest.ini": "[pytest]\n", "tests/test_a.py": AWAITS, "tests/test_b.py": `# b\n${AWAITS}` };

interface Bench {
  readonly root: string;
  readonly can: Capabilities;
  /** Where the lint keeps its journals. */
  readonly journals: string;
  readonly read: (file: string) => string;
  readonly write: (file: string, text: string) => void;
}

function bench(files: Readonly<Record<string, string>> = FILES): Bench {
  const root = makeTree(files);
  const state = makeTree({});
  const env = { XDG_STATE_HOME: state };
  return {
    root,
    journals: join(state, "greenlight", "lint"),
    can: { clock: systemClock, lint: createLintCapability({ base: root, env, clock: systemClock }) },
    read: (file) => readFileSync(join(root, file), "utf8"),
    write: (file, text) => writeFileSync(join(root, file), text),
  };
}

const params = { folder: "tests" };

async function needed(action: Action<typeof params>, { can }: Bench) {
  const found = await action.assess(params, can, signal);
  if (found.kind !== "needed") throw new Error(`it is ${JSON.stringify(found)}`);
  return found;
}

/** A fix that has been made, and what was recorded before it. */
async function applied(): Promise<Bench & { readonly action: Action<typeof params>; readonly prior: Json }> {
  const made = bench();
  const action = fixAwaits();
  const { prior } = await needed(action, made);
  expect(await action.apply(params, prior, made.can, signal)).toMatchObject({ kind: "done" });
  return { ...made, action, prior };
}

describe("fix-awaits", () => {
  test("a look changes nothing; apply mends all files; rollback restores them to the byte", async () => {
    const made = bench();
    const action = fixAwaits();
    const { change, prior } = await needed(action, made);
    expect(change).toMatchObject({
      symbol: "~",
      target: "awaits of the tests in tests",
      before: { findings: 2 },
      after: { findings: 0 },
    });
    expect(made.read("tests/test_a.py")).toBe(AWAITS);
    expect(existsSync(made.journals)).toBe(false);
    expect(await action.locate(params, prior, made.can, signal)).toBe("before");
    // What was looked at twice is the same: a plan may be compared with it.
    expect(await needed(action, made)).toEqual({ kind: "needed", change, prior });
    expect(await action.apply(params, prior, made.can, signal)).toEqual({
      kind: "done",
      evidence: "tests/test_a.py, tests/test_b.py are put right",
    });
    expect(made.read("tests/test_a.py")).toBe(MENDED);
    expect(made.read("tests/test_b.py")).toBe(`# b\n${MENDED}`);
    expect(await action.locate(params, prior, made.can, signal)).toBe("after");
    expect(await action.settle(params, prior, made.can, signal)).toMatchObject({ kind: "done" });
    expect(await action.assess(params, made.can, signal)).toMatchObject({ kind: "satisfied" });
    expect(await action.rollback(params, prior, made.can, signal)).toMatchObject({ kind: "done" });
    expect(made.read("tests/test_a.py")).toBe(AWAITS);
    expect(made.read("tests/test_b.py")).toBe(`# b\n${AWAITS}`);
    expect(await action.locate(params, prior, made.can, signal)).toBe("before");
  });

  test("applied twice it writes once, and taken back twice it is as before", async () => {
    const { action, prior, can, journals, read } = await applied();
    await action.apply(params, prior, can, signal);
    expect(await listRuns(journals)).toHaveLength(1);
    for (let time = 0; time < 2; time += 1)
      expect(await action.rollback(params, prior, can, signal)).toMatchObject({ kind: "done" });
    expect(read("tests/test_a.py")).toBe(AWAITS);
    await action.apply(params, prior, can, signal);
    expect(read("tests/test_a.py")).toBe(MENDED);
  });

  test("half done after a crash it is between, and can be finished", async () => {
    const { action, prior, can, read, write, root } = await applied();
    write("tests/test_b.py", `# b\n${AWAITS}`);
    expect(await action.locate(params, prior, can, signal)).toBe("between");
    expect(await action.apply(params, prior, can, signal)).toMatchObject({ kind: "done" });
    expect(read("tests/test_b.py")).toBe(`# b\n${MENDED}`);
    expect(readdirSync(join(root, "tests"))).toEqual(["test_a.py", "test_b.py"]);
  });

  test("half done after a crash it can be taken back", async () => {
    const { action, prior, can, read, write } = await applied();
    write("tests/test_b.py", `# b\n${AWAITS}`);
    expect(await action.rollback(params, prior, can, signal)).toMatchObject({ kind: "done" });
    expect(read("tests/test_a.py")).toBe(AWAITS);
  });

  test("one file that somebody changed since keeps all from being taken back, and is named", async () => {
    const { action, prior, can, read, write } = await applied();
    write("tests/test_b.py", "# mine\n");
    expect(await action.locate(params, prior, can, signal)).toBe("elsewhere");
    expect(await action.rollback(params, prior, can, signal)).toEqual({
      kind: "failed",
      because: "tests/test_b.py: it has been changed since",
    });
    expect(read("tests/test_b.py")).toBe("# mine\n");
    expect(read("tests/test_a.py")).toBe(MENDED);
  });

  test("what somebody else mended is not taken back", async () => {
    const made = bench();
    const action = fixAwaits();
    const { prior } = await needed(action, made);
    made.write("tests/test_a.py", MENDED);
    made.write("tests/test_b.py", `# b\n${MENDED}`);
    expect(await action.apply(params, prior, made.can, signal)).toMatchObject({ kind: "done" });
    await action.rollback(params, prior, made.can, signal);
    expect(made.read("tests/test_a.py")).toBe(MENDED);
  });

  test("a tree that has moved since it was looked at is left alone", async () => {
    const made = bench();
    const action = fixAwaits();
    const { prior } = await needed(action, made);
    made.write("tests/test_c.py", AWAITS);
    expect(await action.apply(params, prior, made.can, signal)).toMatchObject({
      kind: "failed",
      because: "tests: its files are not those that were looked at before",
    });
    expect(made.read("tests/test_a.py")).toBe(AWAITS);
  });
});

describe("register-markers", () => {
  test("registers what tests use, is verified by the lint, and is taken back", async () => {
    const text = "import pytest\n\n\n@pytest.mark.slow\ndef test_it():\n    pass\n";
    const made = bench({ "pytest.ini": "[pytest]\n# theirs\n", "tests/test_a.py": text });
    const action = registerMarkers();
    expect(await made.can.lint?.count("markers", "tests", signal)).toBe(1);
    const { prior } = await needed(action, made);
    expect(await action.apply(params, prior, made.can, signal)).toMatchObject({ kind: "done" });
    expect(made.read("pytest.ini")).toMatch(/slow/);
    expect(await made.can.lint?.count("markers", "tests", signal)).toBe(0);
    expect(await action.rollback(params, prior, made.can, signal)).toMatchObject({ kind: "done" });
    expect(made.read("pytest.ini")).toBe("[pytest]\n# theirs\n");
  });

  test("a marker that is registered and that nobody uses stands in the way of nothing", async () => {
    const made = bench({ "pytest.ini": "[pytest]\nmarkers =\n    slow: s\n", "tests/test_a.py": "x = 1\n" });
    expect(await registerMarkers().assess(params, made.can, signal)).toMatchObject({ kind: "satisfied" });
  });
});

describe("where it may look", () => {
  test("a folder that is not there, or leads out of the project, is not looked at", async () => {
    const made = bench();
    const outside = makeTree(FILES);
    symlinkSync(outside, join(made.root, "link"));
    mkdirSync(join(made.root, "inside"));
    for (const folder of ["nowhere", "link", outside]) {
      const found = await fixAwaits().assess({ folder }, made.can, signal);
      expect(found).toMatchObject({ kind: "unknown", because: expect.stringContaining(folder) as string });
    }
    expect(await fixAwaits().assess({ folder: "inside" }, made.can, signal)).toMatchObject({
      kind: "satisfied",
    });
    expect(await fixAwaits().assess(params, { clock: systemClock }, signal)).toMatchObject({
      kind: "refused",
    });
  });

  test("a place is not guessed where nobody can look", async () => {
    await expect(
      fixAwaits().locate(params, { root: "/", files: [] }, { clock: systemClock }, signal),
    ).rejects.toMatchObject({ code: "POSITION_UNKNOWN" });
  });
});

describe("its parameters", () => {
  test.each([["../x"], ["a/../../b"], [""], ["-rf"], ["a\nb"], ["a\\b"], [7], [undefined]])(
    "%j is refused with its place",
    (folder) => {
      expect(fixAwaits().parse({ folder })).toMatchObject({ ok: false, faults: [{ path: "params.folder" }] });
    },
  );

  test("whatever is accepted is one quoted word of the command, and nothing throws", () => {
    const folder = oneof(anything(), string(), string({ unit: "grapheme" }));
    assert(
      property(oneof(anything(), record({ folder })), (given) => {
        const parsed = fixAwaits().parse(given);
        if (!parsed.ok) return parsed.faults.length > 0;
        const word = fixAwaits()
          .command(parsed.params)
          .replace("greenlight lint awaits ", "")
          .replace(/ --fix$/, "");
        return /^(?:[\w/.:@%+=,-]+|'[^']*'(?:\\'(?:'[^']*')?)*)$/.test(word);
      }),
    );
  });
});
