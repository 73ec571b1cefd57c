import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedact } from "../../../services/redact.ts";
import { incidentOf, sourceOf, suiteOf, triageOf, triageText } from "./support.ts";

const CANARY = "canary-7Jq2xV9z";
const redact = createRedact([CANARY]);
const red = (message: string, text = "", name = "red") =>
  `<testcase name="${name}" time="1"><failure message="${message}"><![CDATA[${text}]]></failure></testcase>`;
const filler = (length: number) => "some words in a line\n".repeat(Math.ceil(length / 21)).slice(0, length);

describe("a secret in a report", () => {
  test.each([
    ["in the message", suiteOf(red(`login with ${CANARY} failed`))],
    ["in the text", suiteOf(red("boom", `url postgres://app:${CANARY}@db/shop`))],
    ["in a name", suiteOf(red("boom", "", `login[${CANARY}]`))],
    ["in the type", suiteOf(`<testcase name="a"><error type="${CANARY}"/></testcase>`)],
    ["in a suite's name", suiteOf(red("boom"), `name="${CANARY}"`)],
    ["in the words of the environment", suiteOf(red(`connect ECONNREFUSED 127.0.0.1:5432 ${CANARY}`))],
    [
      "with a control character in it",
      suiteOf(red("boom", `${CANARY.slice(0, 6)}\u001B[31m${CANARY.slice(6)}`)),
    ],
    ["in what is no report", `<${CANARY}/>`],
  ])("%s is in no part of the result", async (_what, text) => {
    const result = await triageText(text, { redact, incidents: [incidentOf("postgres")] });
    expect(result.judged.length + result.faults.length).toBe(1);
    expect(JSON.stringify(result)).not.toContain(CANARY);
  });

  test("leaves no half where its text is cut, wherever that is", async () => {
    for (let before = 16_300; before < 16_420; before += 3) {
      const text = `${filler(before)}${CANARY} ${filler(30_000)}`;
      const { judged } = await triageText(suiteOf(red("boom", text)), { redact });
      expect(judged[0]?.test.failure?.text).not.toContain(CANARY.slice(0, 6));
    }
    for (let after = 4000; after < 6200; after += 31) {
      const text = `${filler(30_000)} ${CANARY} ${filler(after)}`;
      const { judged } = await triageText(suiteOf(red("boom", text)), { redact });
      expect(judged[0]?.test.failure?.text).not.toContain(CANARY.slice(-6));
    }
  });
});

describe("what a terminal or a CI system obeys", () => {
  test("is in no text that is kept", async () => {
    const hostile =
      "\u001B[31mred\u001B[0m\n::error file=x::gotcha\n  ::set-output name=a::b\n##[error]x\n##vso[task.setvariable]y";
    const { judged } = await triageText(
      suiteOf(red("\u001B]0;title\u0007::error::m", hostile, "::error::name")),
    );
    const { name, failure } = judged[0]?.test ?? {};
    for (const text of [name, failure?.message, failure?.text]) {
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/);
      expect(text).not.toMatch(/^\s*::|##\[|##vso\[/m);
    }
    expect(failure?.text).toContain("red\n");
  });
});

describe("a long text", () => {
  test("keeps its head and its tail, and the words in either are read", async () => {
    const text = `first line\n${filler(200_000)}\nE   psycopg.OperationalError: Connection refused`;
    const { judged } = await triageText(suiteOf(red("boom", text)), { incidents: [incidentOf("postgres")] });
    const kept = judged[0]?.test.failure?.text ?? "";
    expect(kept.length).toBeLessThan(21_000);
    expect(kept).toMatch(/^first line/);
    expect(kept).toMatch(/Connection refused$/);
    expect(judged[0]?.attribution).toBe("environment");
  });

  test("of the 3000th red test is left out, and its judgement is not", async () => {
    const text = `${filler(14_000)}\nConnection refused`;
    const { judged } = await triageOf({
      sources: [
        sourceOf(suiteOf(Array.from({ length: 3000 }, () => red("boom", text)).join("")), { piece: 65_536 }),
      ],
      incidents: [incidentOf("postgres")],
    });
    expect(judged[0]?.test.failure?.text).toContain("Connection refused");
    expect(judged.at(-1)).toMatchObject({ attribution: "environment", test: { failure: { text: "" } } });
  });
});

const report = (name: string, ...cases: string[]) => sourceOf(suiteOf(cases.join("")), { name });

describe("several reports", () => {
  test("are added up, in their order", async () => {
    const { counts, judged } = await triageOf({
      sources: [report("a", red("one", "", "a")), report("b", red("two", "", "b"), '<testcase name="c"/>')],
    });
    expect(counts).toEqual({ total: 3, passed: 1, failed: 2, skipped: 0 });
    expect(judged.map(({ test }) => test.name)).toEqual(["a", "b"]);
  });

  test("that tell the same tests in the same words tell them once", async () => {
    const cases = [red("one"), '<testcase name="c" time="2"/>', '<testcase name="d"><skipped/></testcase>'];
    const once = await triageOf({ sources: [report("a", ...cases)] });
    const twice = await triageOf({ sources: [report("a", ...cases), report("merged", ...cases)] });
    expect(twice).toEqual({ ...once, duplicates: 3 });
  });

  test("never hide a red test behind a green one of the same name, nor behind another failure", async () => {
    const green = '<testcase name="red" time="1"/>';
    const { counts } = await triageOf({
      sources: [report("a", green), report("b", red("one")), report("c", red("two")), report("d", green)],
    });
    expect(counts).toEqual({ total: 3, passed: 1, failed: 2, skipped: 0 });
  });

  test("repeat a test of their own: each run of it counts", async () => {
    const { counts } = await triageOf({ sources: [report("a", red("one"), red("one"))] });
    expect(counts.failed).toBe(2);
  });
});

test("whatever is reported, nothing is lost: the counts add up, and each red test has one judgement", async () => {
  const anyCase = fc.constantFrom(
    '<testcase name="a"/>',
    '<testcase name="b"><skipped/></testcase>',
    red("boom"),
    red("connect ECONNREFUSED 127.0.0.1:5432"),
    '<testcase name="e"><error/></testcase>',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(anyCase)), fc.boolean(), async (reports, down) => {
      const sources = reports.map((cases, index) => sourceOf(suiteOf(cases.join("")), { name: `${index}` }));
      const incidents = down ? [incidentOf("postgres")] : [];
      const { counts, judged, byAttribution, duplicates } = await triageOf({ sources, incidents });
      expect(counts.passed + counts.failed + counts.skipped).toBe(counts.total);
      expect(counts.total + duplicates).toBe(reports.flat().length);
      expect(judged).toHaveLength(counts.failed);
      expect(Object.values(byAttribution).reduce((a, b) => a + b)).toBe(counts.failed);
    }),
    { numRuns: 60 },
  );
});

test("it stops when it is told to", async () => {
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  await expect(triageOf({ sources: [sourceOf(suiteOf(""))], signal: controller.signal })).rejects.toThrow(
    "enough",
  );
});
