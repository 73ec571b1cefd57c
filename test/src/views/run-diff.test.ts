import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffRuns } from "../../../src/views/run-diff.ts";
import { renderRunDiff } from "../../../src/views/run-diff-human.ts";
import type { RunRecord } from "../../../src/views/run-record.ts";
import { hostileRecord, judged, recordOf, redRecord, triageOf } from "./reports/records.ts";

const plain = { width: 80, color: false, unicode: true };
const diff = (before: RunRecord, after: RunRecord) =>
  diffRuns({ path: "green.json", record: before }, { path: "red.json", record: after });
const { fingerprint } = recordOf();
const { postgres } = fingerprint.dependencies;
if (postgres === undefined) throw new Error("no postgres");

const red = (...names: string[]) => redRecord({ triage: triageOf(names.map((name) => judged({ name }))) });

describe("two runs compared", () => {
  test("are the same when what they ran against, their end and their red tests are", () => {
    const later = recordOf({ startedAt: 5, endedAt: 9, summary: "Passed: in other words." });
    expect(diff(recordOf(), later)).toMatchObject({ same: true, changes: [] });
    expect(renderRunDiff(diff(recordOf(), later), plain)).toMatch(/^No difference/);
  });

  test("differ by each fact of the environment, the end, and who looked", () => {
    const { auth: _auth, ...dependencies } = fingerprint.dependencies;
    const after = recordOf({
      outcome: "failed",
      suite: "e2e",
      vantage: { kind: "service", url: "https://greenlight.internal" },
      gate: { ...recordOf().gate, verdict: "wait" },
      fingerprint: {
        environment: "production",
        greenlight: "0.2.0",
        release: "2026.3.2",
        dependencies: {
          ...dependencies,
          postgres: { ...postgres, version: "PostgreSQL 17.4", host: "standby.internal", status: "warn" },
          redis: { kind: "redis", status: "pass" },
        },
      },
    });
    const found = diff(recordOf(), after);
    expect(
      Object.fromEntries(found.changes.map(({ what, before, after: now }) => [what, [before, now]])),
    ).toEqual({
      suite: ["database", "e2e"],
      outcome: ["passed", "failed"],
      verdict: ["go", "wait"],
      environment: ["staging", "production"],
      release: ["2026.3.1", "2026.3.2"],
      revision: ["4f2a9c1", undefined],
      "postgres status": ["pass", "warn"],
      "postgres version": ["PostgreSQL 18.1", "PostgreSQL 17.4"],
      "postgres at": ["db.internal:5432", "standby.internal:5432"],
      "auth kind": ["auth", undefined],
      "auth status": ["pass", undefined],
      "auth served by": ["staging", undefined],
      "auth assurance": ["real", undefined],
      "redis kind": [undefined, "redis"],
      "redis status": [undefined, "pass"],
      "looked from": ["here", "https://greenlight.internal"],
      greenlight: ["0.1.0", "0.2.0"],
    });
    const text = renderRunDiff(found, plain);
    expect(text).toMatch(/^Different: 17 facts differ/);
    expect(text).toMatch(/postgres version +PostgreSQL 18\.1 +PostgreSQL 17\.4/);
    expect(text).toMatch(/revision +4f2a9c1 +\(none\)/);
  });

  test("differ by the tests that are red in one of them", () => {
    const found = diff(red("a", "b"), red("b", "c", "d"));
    expect(found.tests).toMatchObject({
      onlyBefore: ["pytest tests.test_orders a"],
      onlyAfter: ["pytest tests.test_orders c", "pytest tests.test_orders d"],
      both: 1,
    });
    expect(found.same).toBe(false);
    const text = renderRunDiff(found, plain);
    expect(text).toContain("Red now, and not before (2)");
    expect(text).toContain("1 test is red in both.");
  });

  test("say where nothing is known of single tests", () => {
    const { triage: _triage, ...without } = recordOf();
    expect(renderRunDiff(diff(without, recordOf()), plain)).toContain(
      "green.json holds no results of single tests.",
    );
  });

  test("are the same with themselves, and differ the other way round by as much", () => {
    fc.assert(
      fc.property(hostileRecord, hostileRecord, (one, other) => {
        expect(diff(one, one).same).toBe(true);
        const [there, back] = [diff(one, other), diff(other, one)];
        expect(back.changes.length).toBe(there.changes.length);
        expect(back.tests.onlyBefore).toEqual(there.tests.onlyAfter);
        // oxlint-disable-next-line no-control-regex
        expect(renderRunDiff(there, plain).replaceAll("\n", "")).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/);
      }),
    );
  });
});
