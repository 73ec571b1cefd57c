import { describe, expect, test } from "vitest";
import { createFinding } from "../../../services/findings/create.ts";
import type { FindingReasons } from "../../../services/gate/findings.ts";
import type { ActiveWaiver, Reason } from "../../../services/gate/verdict.ts";
import { findInTime, notFoundInTime, withFindings } from "../../../src/gate/own-findings.ts";
import type { Seen } from "../../../src/gate/watch.ts";

const NOTHING: FindingReasons = { strict: true, blocking: [], notes: [], waivers: [] };
const finding = createFinding({ code: "FLAG_BYPASS", subject: "SKIP_IT", message: "SKIP_IT is set." });
const reason = (effect: Reason["effect"]): Reason => ({
  code: "FINDING",
  level: "required",
  effect,
  curable: false,
  message: finding.message,
  finding,
});
const waiver = (name: string): ActiveWaiver => ({
  finding: name,
  reason: "r",
  owner: "qa",
  expires: "2026-12-31",
  daysLeft: 1,
});
const GO: Seen = {
  at: 0,
  evaluation: { suite: "e2e", verdict: "go", fit: true, stableForMs: 1, stableMs: 1, reasons: [] },
  checks: [],
};
const signal = new AbortController().signal;

describe("findings of this machine in what a service says", () => {
  test("one that blocks makes a go a stop", () => {
    const { evaluation } = withFindings(GO, { ...NOTHING, blocking: [reason("blocks")] });
    expect(evaluation).toMatchObject({ verdict: "stop", strict: true, reasons: [{ code: "FINDING" }] });
  });

  test("what does not block is told beside the verdict", () => {
    const { evaluation } = withFindings(GO, { ...NOTHING, notes: [reason("notes")] });
    expect(evaluation).toMatchObject({ verdict: "go", reasons: [{ effect: "notes" }] });
  });

  test("waivers of both are told, each once", () => {
    const theirs = { ...GO, evaluation: { ...GO.evaluation, waivers: [waiver("A:1")] } };
    const { evaluation } = withFindings(theirs, { ...NOTHING, waivers: [waiver("A:1"), waiver("B:1")] });
    expect(evaluation.waivers?.map(({ finding: id }) => id)).toEqual(["A:1", "B:1"]);
  });

  test("where nobody looked here, it is what the service says", () => {
    expect(withFindings(GO, undefined)).toBe(GO);
  });
});

describe("collecting in time", () => {
  test("what takes longer than the wait is given up, told to stop, and no go", async () => {
    let told: AbortSignal | undefined;
    const found = await findInTime(
      (given) => {
        told = given;
        return Promise.withResolvers<FindingReasons>().promise;
      },
      { ms: 5, signal },
    );
    expect(found).toBeUndefined();
    expect(told?.aborted).toBe(true);
    expect(notFoundInTime({ suite: "e2e" }).evaluation).toMatchObject({
      verdict: "inconclusive",
      fit: false,
      reasons: [{ code: "FINDING", effect: "blocks" }],
    });
  });

  test("an interrupt ends it", async () => {
    const interrupting = new AbortController();
    const finding = findInTime(() => Promise.withResolvers<FindingReasons>().promise, {
      ms: 60_000,
      signal: interrupting.signal,
    });
    interrupting.abort(new Error("interrupted"));
    await expect(finding).rejects.toThrow("interrupted");
  });

  test("in time it is what was found", async () => {
    expect(await findInTime(() => Promise.resolve(NOTHING), { ms: 1000, signal })).toBe(NOTHING);
  });
});
