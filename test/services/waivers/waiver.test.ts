import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFinding } from "../../../services/findings/create.ts";
import type { Finding } from "../../../services/findings/finding.ts";
import type { FindingsSnapshot } from "../../../services/findings/registry.ts";
import { countOpen, isWaivable, judgeFindings } from "../../../services/waivers/judge.ts";
import { createFindingsView } from "../../../services/waivers/view.ts";
import { DAY_MS, daysLeft, endOf, isExpired, type Waiver } from "../../../services/waivers/waiver.ts";

const at = (text: string): number => Date.parse(text);
const waiver = (given: Partial<Waiver> = {}): Waiver => ({
  finding: "FLAG_BYPASS:SKIP_IT",
  reason: "until the migration",
  owner: "qa",
  expires: "2026-12-31",
  ...given,
});
const bypass = (name: string): Finding =>
  createFinding({ code: "FLAG_BYPASS", subject: name, message: "It is set." });

function snapshotOf(
  findings: readonly Finding[],
  status: "collected" | "pending" = "collected",
): FindingsSnapshot {
  return {
    sources: [{ name: "policy", status, findings }],
    findings,
    complete: status === "collected",
  };
}

describe("a waiver", () => {
  test("holds to the end of its day in UTC", () => {
    expect(isExpired(waiver(), at("2026-12-31T23:59:59.999Z"))).toBe(false);
    expect(isExpired(waiver(), at("2027-01-01T00:00:00Z"))).toBe(true);
    expect(daysLeft(waiver(), at("2026-12-31T00:00:00Z"))).toBe(0);
    expect(daysLeft(waiver(), at("2026-12-30T23:59:59Z"))).toBe(1);
    expect(daysLeft(waiver(), at("2027-01-01T00:00:00Z"))).toBe(-1);
  });

  test.each(["2026-02-30", "2025-02-29", "2026-13-01", "2026-1-1", "tomorrow", "2026-12-31T00:00:00Z", ""])(
    "%j is no day, and whatever is no day has expired",
    (expires) => {
      expect(endOf(expires)).toBeNaN();
      expect(isExpired({ expires }, 0)).toBe(true);
    },
  );

  test("expires exactly when it has fewer than no days left, on every day", () => {
    const days = fc.integer({ min: 0, max: 40_000 });
    const moment = fc.integer({ min: 0, max: 40_000 * DAY_MS });
    fc.assert(
      fc.property(days, moment, (day, now) => {
        const expires = new Date(day * DAY_MS).toISOString().slice(0, 10);
        expect(isExpired({ expires }, now)).toBe(daysLeft({ expires }, now) < 0);
        expect(endOf(expires)).toBe((day + 1) * DAY_MS);
      }),
    );
  });
});

describe("judging", () => {
  const now = at("2026-12-01T12:00:00Z");

  test("covers exactly the finding that is named", () => {
    const snapshot = snapshotOf([bypass("SKIP_IT"), bypass("SKIP_IT_TOO")]);
    const judged = judgeFindings({ snapshot, waivers: [waiver()], now });
    expect(judged.findings.map(({ finding, waiver: by }) => [finding.id, by?.owner])).toEqual([
      ["FLAG_BYPASS:SKIP_IT", "qa"],
      ["FLAG_BYPASS:SKIP_IT_TOO", undefined],
    ]);
    expect(judged.waivers).toMatchObject([{ state: "active", daysLeft: 30 }]);
    expect(countOpen(judged)).toEqual({ error: 1, warning: 0, note: 0 });
  });

  test("an expired one is an error, and what it was about counts again", () => {
    const waivers = [waiver({ expires: "2026-11-30" })];
    const judged = judgeFindings({ snapshot: snapshotOf([bypass("SKIP_IT")]), waivers, now });
    expect(judged.findings.map(({ finding, source }) => [finding.id, finding.severity, source])).toEqual([
      ["FLAG_BYPASS:SKIP_IT", "error", "policy"],
      ["WAIVER_EXPIRED:FLAG_BYPASS:SKIP_IT", "error", "waivers"],
    ]);
    expect(judged.findings.every(({ waiver: by }) => by === undefined)).toBe(true);
  });

  test("one about nothing is told, once everything has been looked at", () => {
    const early = judgeFindings({ snapshot: snapshotOf([], "pending"), waivers: [waiver()], now });
    expect(early).toMatchObject({ findings: [], pending: ["policy"], waivers: [{ state: "unchecked" }] });
    const late = judgeFindings({ snapshot: snapshotOf([]), waivers: [waiver()], now });
    expect(late.findings.map(({ finding }) => [finding.id, finding.severity])).toEqual([
      ["WAIVER_UNKNOWN:FLAG_BYPASS:SKIP_IT", "warning"],
    ]);
  });

  test("one about what the gate never sees is not asked for there", () => {
    const given = { snapshot: snapshotOf([]), waivers: [waiver()], now };
    const judged = judgeFindings({ ...given, isSeen: () => false });
    expect(judged).toMatchObject({ findings: [], waivers: [{ state: "active" }] });
  });

  test("that something is not known cannot be accepted", () => {
    expect(isWaivable("SOURCE_FAILED")).toBe(false);
    const late = createFinding({ code: "SOURCE_LATE", subject: "drift", message: "It took too long." });
    const waivers = [waiver({ finding: late.id })];
    const [first] = judgeFindings({ snapshot: snapshotOf([late]), waivers, now }).findings;
    expect(first?.waiver).toBeUndefined();
  });

  test("no finding without a waiver of its id is ever covered", () => {
    const names = fc.uniqueArray(fc.constantFrom("A", "B", "C", "D").map((name) => `SKIP_${name}`));
    const days = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(
        names,
        fc.dictionary(fc.constantFrom("SKIP_A", "SKIP_B", "SKIP_E"), days),
        (found, given) => {
          const waivers = Object.entries(given).map(([name, ahead]) =>
            waiver({
              finding: `FLAG_BYPASS:${name}`,
              expires: new Date(now + ahead * DAY_MS).toISOString().slice(0, 10),
            }),
          );
          const judged = judgeFindings({ snapshot: snapshotOf(found.map(bypass)), waivers, now });
          for (const { finding, waiver: by } of judged.findings) {
            const ahead = given[finding.id.slice("FLAG_BYPASS:".length)];
            if (finding.code === "FLAG_BYPASS")
              expect(by !== undefined).toBe(ahead !== undefined && ahead >= 0);
          }
        },
      ),
    );
  });
});

test("the view judges anew when the findings change, and when a day ends", () => {
  let snapshot = snapshotOf([bypass("SKIP_IT")]);
  let now = at("2026-12-31T23:59:00Z");
  const view = createFindingsView({
    registry: { snapshot: () => snapshot },
    waivers: [waiver()],
    clock: { now: () => now, monotonic: () => 0 },
  });
  const first = view.current();
  expect(view.current()).toBe(first);
  now += 120_000;
  expect(view.current().findings.map(({ finding }) => finding.code)).toEqual([
    "FLAG_BYPASS",
    "WAIVER_EXPIRED",
  ]);
  snapshot = snapshotOf([]);
  expect(view.current().findings.map(({ finding }) => finding.code)).toEqual(["WAIVER_EXPIRED"]);
});
