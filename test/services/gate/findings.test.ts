import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFinding } from "../../../services/findings/create.ts";
import type { Severity } from "../../../services/findings/finding.ts";
import { evaluate } from "../../../services/gate/evaluate.ts";
import { createFindingReasons, findingReasons, noFindings } from "../../../services/gate/findings.ts";
import { LENIENT, STRICT, type Strictness } from "../../../services/policy/strictness.ts";
import type { JudgedFinding, JudgedFindings } from "../../../services/waivers/judge.ts";

const WAIVER = {
  finding: "FLAG_BYPASS:SKIP_W",
  reason: "for now",
  owner: "qa",
  expires: "2026-12-31",
  daysLeft: 3,
  state: "active",
} as const;

const found = (
  name: string,
  given: { severity?: Severity; source?: string; waived?: boolean } = {},
): JudgedFinding => {
  const { severity = "error", source = "policy", waived = false } = given;
  const finding = createFinding({ code: "FLAG_BYPASS", subject: name, message: `${name} is set.`, severity });
  return { finding, source, ...(waived && { waiver: WAIVER }) };
};

const judged = (findings: readonly JudgedFinding[], given: Partial<JudgedFindings> = {}): JudgedFindings => ({
  findings,
  waivers: [],
  pending: [],
  complete: true,
  ...given,
});

const FIT = { suite: "e2e", reasons: [], standing: [], fitForMs: 10_000, stableMs: 3000, inGrace: false };

const verdictWith = (given: JudgedFindings, strictness: Strictness, inGrace = false) =>
  evaluate({ ...FIT, inGrace, findings: findingReasons(given, strictness) });

describe("in strict mode", () => {
  test("an error stops a fit suite, and names its owner and what to do", () => {
    const evaluation = verdictWith(judged([found("SKIP_A")]), STRICT);
    expect(evaluation).toMatchObject({ verdict: "stop", fit: true, strict: true });
    expect(evaluation.reasons).toMatchObject([
      {
        code: "FINDING",
        effect: "blocks",
        curable: false,
        message: "FLAG_BYPASS: SKIP_A is set. Owner: configuration.",
        finding: { id: "FLAG_BYPASS:SKIP_A", owner: "configuration" },
      },
    ]);
    expect(evaluation.reasons[0]?.finding?.remedies.length).toBeGreaterThan(0);
  });

  test("a warning is a note, and a note is nothing", () => {
    const given = judged([found("SKIP_A", { severity: "warning" }), found("SKIP_B", { severity: "note" })]);
    const { verdict, reasons } = verdictWith(given, STRICT);
    expect(verdict).toBe("go");
    expect(reasons).toMatchObject([{ effect: "notes", finding: { id: "FLAG_BYPASS:SKIP_A" } }]);
  });

  test("a waived error stops nothing, and its waiver is told", () => {
    const evaluation = verdictWith(
      judged([found("SKIP_W", { waived: true })], { waivers: [WAIVER] }),
      STRICT,
    );
    const { state: _, ...told } = WAIVER;
    expect(evaluation).toMatchObject({ verdict: "go", reasons: [], waivers: [told] });
  });

  test("an area that nobody has looked at yet is waited for: it is no go", () => {
    const given = judged([], { pending: ["drift"], complete: false });
    expect(verdictWith(given, STRICT)).toMatchObject({
      verdict: "wait",
      reasons: [
        {
          code: "FINDING",
          curable: true,
          message: "The findings of drift have not been collected yet, or not lately.",
        },
      ],
    });
    expect(verdictWith(given, { policy: "error" }).verdict).toBe("go");
  });

  test("grace gives the time to mend what is found", () => {
    expect(verdictWith(judged([found("SKIP_A")]), STRICT, true).verdict).toBe("wait");
  });

  test("being strict about one area leaves the others alone, and drift can be strict about warnings", () => {
    const given = judged([
      found("SKIP_A", { source: "context" }),
      found("SKIP_B", { source: "drift", severity: "warning" }),
    ]);
    expect(verdictWith(given, { policy: "error" }).verdict).toBe("go");
    const { verdict, reasons } = verdictWith(given, { drift: "warning" });
    expect(verdict).toBe("stop");
    expect(reasons.filter(({ effect }) => effect === "blocks")).toMatchObject([
      { finding: { id: "FLAG_BYPASS:SKIP_B" } },
    ]);
  });

  test("of hundreds the worst are told, and how many more there are", () => {
    const many = Array.from({ length: 100 }, (_, index) => found(`SKIP_${index}`));
    const { reasons, verdict } = verdictWith(judged(many), STRICT);
    expect(verdict).toBe("stop");
    expect(reasons).toHaveLength(21);
    expect(reasons.at(-1)?.message).toMatch(/^There are 80 more findings/);
  });
});

test("where nobody is strict nothing blocks, and one note says what would", () => {
  const given = judged([found("SKIP_A"), found("SKIP_B", { source: "context" })], { pending: ["drift"] });
  const evaluation = verdictWith(given, LENIENT);
  expect(evaluation).toMatchObject({
    verdict: "go",
    reasons: [{ effect: "notes", message: "Strict validation would stop this suite: FLAG_BYPASS:SKIP_A." }],
  });
  expect(evaluation).not.toHaveProperty("strict");
});

test("a caller who asks to be strict is judged so, whatever the environment says, and never more mildly", () => {
  let now = judged([found("SKIP_A", { source: "context" })]);
  const read = createFindingReasons({ current: () => now }, LENIENT);
  expect(read(false).blocking).toEqual([]);
  expect(read(true).blocking).toHaveLength(1);
  expect(read(true)).toBe(read(true));
  now = judged([]);
  expect(read(true).blocking).toEqual([]);
});

test("where nobody looks for findings, whoever asks to be strict gets no go", () => {
  expect(evaluate({ ...FIT, findings: noFindings(true) }).verdict).toBe("stop");
  expect(evaluate({ ...FIT, findings: noFindings(false) }).verdict).toBe("go");
});

test("strict: go exactly when all is collected and no error is open", () => {
  const severity = fc.constantFrom<Severity>("error", "warning", "note");
  const source = fc.constantFrom("context", "environment", "policy", "drift", "waivers");
  const any = fc.record({ severity, source, waived: fc.boolean() });
  const pending = fc.uniqueArray(fc.constantFrom("context", "drift"));
  fc.assert(
    fc.property(fc.array(any, { maxLength: 40 }), pending, (given, waiting) => {
      const all = given.map((each, index) => found(`SKIP_${index}`, each));
      const open = given.some((each) => each.severity === "error" && !each.waived);
      const { verdict } = verdictWith(judged(all, { pending: waiting }), STRICT);
      expect(verdict === "go").toBe(!open && waiting.length === 0);
      if (open) expect(verdict).toBe("stop");
    }),
  );
});
