import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  record,
  string,
  stringMatching,
} from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import { planDocument } from "../../services/remediation/plan-document.ts";
import { readPlanJson } from "../../services/remediation/plan-json.ts";
import { parsePlan } from "../../src/remediation/plan-parse.ts";
import { readPlanFile } from "../../src/remediation/read-plan-file.ts";

const EXAMPLE = await readFile("examples/plans/database-remediation.yaml", "utf8");

async function planOf(text: string) {
  const parsed = await parsePlan(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.plan;
}

/** The same members in the opposite order, everywhere. */
const turned = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(turned)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, each]) => [key, turned(each)]),
        )
      : value;

test("one plan in YAML, in JSON, with other formatting and order has one digest; another value has another", async () => {
  const document = parse(EXAMPLE) as object;
  const digest = planDigest(await planOf(EXAMPLE));
  for (const text of [
    JSON.stringify(document),
    JSON.stringify(turned(document), null, "\t"),
    stringify(turned(document), { defaultStringType: "QUOTE_DOUBLE" }),
    EXAMPLE.replace("estimate: 2m", "estimate: 120s"),
    EXAMPLE.replace("    phase: 1\n", "    phase: 1\n    approval: false\n"),
  ])
    expect(planDigest(await planOf(text))).toBe(digest);
  expect(planDigest(await planOf(EXAMPLE.replace("estimate: 2m", "estimate: 121s")))).not.toBe(digest);
});

const texts = string({ minLength: 1, maxLength: 40, unit: "grapheme" }).filter(
  (each) => !/\p{Cc}|\p{Cf}/u.test(each),
);

const AVAILABILITY = {
  kind: "criterion",
  indicator: "availability:postgres",
  operator: ">=",
  target: 99.9,
  minSamples: 30,
} as const;

test("what is written of a plan reads back as the same plan, in YAML and in JSON", async () => {
  const base = await planOf(EXAMPLE);
  const [step] = base.steps;
  const steps = array(
    record({
      title: texts,
      estimateMs: integer({ min: 1, max: 600_000_000 }),
      risk: constantFrom("low", "medium", "high"),
      success: array(texts, { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  await assert(
    asyncProperty(stringMatching(/^[a-z]{1,20}$/), steps, async (id, made) => {
      const plan = {
        ...base,
        id,
        steps: made.map((each, index) => ({
          ...(step as (typeof base.steps)[number]),
          ...each,
          id: `s${index}`,
          verify: [{ ...AVAILABILITY, windowMs: each.estimateMs % 3_600_000 || 1, withinMs: 60_000 }],
        })),
      };
      const document = planDocument(plan);
      for (const text of [stringify(document, { lineWidth: 0 }), JSON.stringify(document)])
        expect(planDigest(await planOf(text))).toBe(planDigest(plan));
      const read = readPlanJson(JSON.parse(JSON.stringify(plan)), { actions: [], suggest: () => undefined });
      expect(read.ok && planDigest(read.plan)).toBe(planDigest(plan));
    }),
    { numRuns: 40 },
  );
});

test("whatever the text is, there is a plan or a fault with its place, and never an exception", async () => {
  await assert(
    asyncProperty(integer({ min: 0, max: EXAMPLE.length }), string({ maxLength: 8 }), async (at, noise) => {
      const parsed = await parsePlan(EXAMPLE.slice(0, at) + noise + EXAMPLE.slice(at + noise.length));
      if (parsed.ok) return;
      expect(parsed.faults.length).toBeGreaterThan(0);
      for (const { line, column, expected, found } of parsed.faults) {
        expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
        expect(Math.min(expected.length, found.length)).toBeGreaterThan(0);
      }
    }),
    { numRuns: 100 },
  );
});

test("a plan of 10 MB is refused before it is parsed", async () => {
  const before = performance.now();
  const parsed = await parsePlan(`title: [${"[a],".repeat(2_500_000)}]`);
  expect(parsed).toMatchObject({
    ok: false,
    faults: [{ code: "PLAN_SYNTAX", line: 1, expected: "at most 500000 characters" }],
  });
  expect(performance.now() - before).toBeLessThan(10_000);
});

test("a file of 10 GB is refused before it is read, and a folder is no plan", async () => {
  const folder = await mkdtemp(join(tmpdir(), "greenlight-plan-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "plan.yaml");
  await writeFile(path, "");
  await truncate(path, 10_000_000_000);
  expect(await readPlanFile(path)).toMatchObject({
    ok: false,
    fault: { code: "PLAN_UNREADABLE", found: "10000000000 bytes" },
  });
  expect(await readPlanFile(folder)).toMatchObject({ ok: false, fault: { found: "a folder" } });
  await writeFile(path, Buffer.from([0xff, 0xfe, 0xff]));
  expect(await readPlanFile(path)).toMatchObject({ ok: false, fault: { found: "bytes that are none" } });
});

test("aliases that multiply, brackets without end and keys that poison are faults", async () => {
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 12; level++)
    bomb.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(10)}]`);
  for (const text of [
    bomb.join("\n"),
    "[".repeat(5000),
    "a: &a [*a]",
    "__proto__: { id: x }",
    '{"id": "a", "id": "b"}',
    '{"id": ',
    "",
    "\0",
  ]) {
    const before = performance.now();
    const parsed = await parsePlan(text);
    expect(parsed.ok, text.slice(0, 40)).toBe(false);
    expect(performance.now() - before).toBeLessThan(10_000);
  }
  const twice = await parsePlan('{\n  "id": "a",\n  "id": "b"\n}');
  expect(twice).toMatchObject({
    faults: [{ code: "PLAN_SYNTAX", line: 3, column: 3, expected: "`id` once" }],
  });
});
