import { expect, test } from "vitest";
import { CAUSES, RUNGS } from "../../services/causes.ts";
import { FINDING_AREAS } from "../../services/findings/areas.ts";
import { FINDINGS } from "../../services/findings/table.ts";
import { runProgram } from "../../src/commands/run-program.ts";
import { fakeProcess } from "./process.ts";

async function explain(...args: string[]): Promise<string> {
  const { process, written } = fakeProcess(["explain", ...args]);
  const outcome = await runProgram({ process, serve: () => Promise.reject(new Error("served")) });
  expect({ outcome, stderr: written.stderr }).toEqual({ outcome: { kind: "done", exitCode: 0 }, stderr: "" });
  return written.stdout;
}

test.each(Object.entries(CAUSES))(
  "%s is explained in text and as JSON alike",
  async (code, { title, owner, remedies }) => {
    const text = await explain(code.toLowerCase());
    const entry = JSON.parse(await explain(code, "--json")) as { explanation: string; remedies: string[] };
    expect(entry).toMatchObject({ schemaVersion: 1, code, title, owner });
    expect(entry.remedies).toHaveLength(remedies.length);
    for (const part of [code, title, entry.explanation, owner, ...entry.remedies])
      expect(text).toContain(part);
    expect(text).not.toMatch(/[{}]/);
  },
);

test("a hyphen does for an underscore", async () => {
  expect(await explain("dns-not-found")).toMatch(/^DNS_NOT_FOUND: /);
});

test("without a code all are listed, rung by rung", async () => {
  const text = await explain();
  for (const code of Object.keys(CAUSES)) expect(text).toContain(`  ${code} `);
  const headings = text.split("\n").filter((line) => /^[a-z]/.test(line));
  const areas = FINDING_AREAS.map(({ title }) => `findings: ${title}`);
  expect(headings).toEqual([...RUNGS, "at any rung", "root causes", ...areas]);
  for (const code of Object.keys(FINDINGS)) expect(text).toContain(`  ${code} `);
  expect((JSON.parse(await explain("--json")) as { causes: unknown[] }).causes).toHaveLength(
    Object.keys(CAUSES).length,
  );
});

test.each(Object.entries(FINDINGS))(
  "%s, a finding, is explained in text and as JSON alike",
  async (code, { title, severity, owner, remedies }) => {
    const text = await explain(code);
    const entry = JSON.parse(await explain(code, "--json")) as { explanation: string; remedies: string[] };
    expect(entry).toMatchObject({ schemaVersion: 1, code, title, severity, owner });
    expect(entry.remedies).toHaveLength(remedies.length);
    for (const part of [code, title, entry.explanation, owner, ...entry.remedies])
      expect(text).toContain(part);
    expect(text).not.toMatch(/\{\w+\}/);
  },
);

test("the id of a finding, as a waiver names it, is explained by its code", async () => {
  expect(await explain("FLAG_BYPASS:SKIP_MIGRATIONS")).toMatch(/^FLAG_BYPASS: /);
});
