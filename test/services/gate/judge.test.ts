import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CauseCode, causeOf, CAUSES } from "../../../services/causes.ts";
import { evaluate } from "../../../services/gate/evaluate.ts";
import { judgeRequirements } from "../../../services/gate/requirements.ts";
import type { Requirement } from "../../../services/gate/suite.ts";
import type { Evaluation, Reason } from "../../../services/gate/verdict.ts";
import type { Check, DiscoveryCheck } from "../../../services/health/check.ts";
import { checkOf } from "./fake-monitor.ts";

const codes = Object.keys(CAUSES) as CauseCode[];
const warning = fc.constantFrom(...codes.filter((code) => causeOf(code).warns === true));
const failing = fc.constantFrom(...codes.filter((code) => causeOf(code).warns !== true));
const assurance = fc.constantFrom("real", "emulator", "mock");
const RANK = { mock: 0, emulator: 1, real: 2 };

const discovery = fc
  .record({ kind: assurance, serves: fc.boolean(), code: fc.option(failing, { nil: undefined }) })
  .map(discoveryOf);

interface CandidateGiven {
  readonly kind: Requirement["assurance"];
  readonly serves: boolean;
  readonly code: CauseCode | undefined;
}

function discoveryOf({ kind, serves, code }: CandidateGiven): DiscoveryCheck {
  const { cause } = checkOf({ code });
  const candidate = { name: "one", kind, status: "pass" as const, serves, ...(cause && { cause }) };
  return { candidates: [candidate], ...(serves && { serving: { name: "one", assurance: kind } }) };
}

/** Anything that a monitor might say, and what it should never say. */
const anyCheck = fc
  .record({
    status: fc.constantFrom("pass", "warn", "fail", "unknown"),
    code: fc.option(fc.oneof(warning, failing), { nil: undefined }),
    stale: fc.boolean(),
    auth: fc.boolean(),
    discovery: fc.option(discovery, { nil: undefined }),
  })
  .map(({ auth, ...check }) => checkOf({ ...check, kind: auth ? "auth" : "redis" }));
const fitCheck = fc
  .oneof(
    fc.constant({ status: "pass" as const, code: undefined }),
    fc.record({ status: fc.constant("warn" as const), code: warning }),
  )
  .map(checkOf);
const anyRequirement = fc.record({
  level: fc.constantFrom("required" as const, "optional" as const),
  assurance,
  check: fc.oneof({ weight: 3, arbitrary: fitCheck }, anyCheck, fc.constant(undefined)),
});
type Given = { level: Requirement["level"]; assurance: Requirement["assurance"]; check: Check | undefined };
const anySuite: fc.Arbitrary<Given[]> = fc.array(anyRequirement, { minLength: 1, maxLength: 5 });

const standingReason: Reason = {
  code: "HELD",
  level: "required",
  effect: "blocks",
  curable: true,
  message: "held",
};
const circumstances = fc.record({
  standing: fc.constantFrom([], [], [], [standingReason]),
  stableMs: fc.oneof(fc.constant(0), fc.nat(10_000)),
  fitForMs: fc.option(fc.oneof(fc.nat(20_000), fc.constant(Number.NaN)), { nil: undefined }),
  inGrace: fc.boolean(),
});
interface Circumstances {
  readonly standing: readonly Reason[];
  readonly stableMs: number;
  readonly fitForMs: number | undefined;
  readonly inGrace: boolean;
}

function judge(given: readonly Given[]): readonly Reason[] {
  const requirements = given.map(({ level, assurance }, index) => ({
    dependency: `d${index}`,
    observed: `d${index}`,
    level,
    assurance,
  }));
  const checks = given.flatMap(({ check }, index) => (check ? [[`d${index}`, check] as const] : []));
  return judgeRequirements({ requirements }, new Map(checks));
}

const verdictOn = (given: readonly Given[], around: Circumstances): Evaluation =>
  evaluate({ suite: "s", reasons: judge(given), ...around });

/** Said again, in other words than those of the code. */
function isFit({ assurance, check }: Given): boolean {
  if (check === undefined || check.stale) return false;
  if (check.status !== "pass" && check.status !== "warn") return false;
  if (check.cause !== undefined && causeOf(check.cause.code).warns !== true) return false;
  if (check.kind !== "auth" && check.discovery === undefined) return true;
  const proven = check.discovery?.serving?.assurance;
  return proven !== undefined && RANK[proven] >= RANK[assurance];
}

/** Likewise: whether something may change by itself. */
const curable = ({ assurance, check }: Given): boolean => {
  if (isFit({ level: "required", assurance, check })) return true;
  if (check === undefined) return false;
  if (check.discovery === undefined) return check.cause?.retryable ?? true;
  return check.discovery.candidates.some(
    ({ kind, cause }) => RANK[kind] >= RANK[assurance] && (cause?.retryable ?? true),
  );
};

const required = (given: readonly Given[]): Given[] => given.filter(({ level }) => level === "required");

describe("the verdict", () => {
  test("is go only when every required check is observed, recent, a pass or a true warning, with enough assurance, for the window, and nothing stands in the way", () => {
    let goes = 0;
    fc.assert(
      fc.property(anySuite, circumstances, (given, around) => {
        const { verdict } = verdictOn(given, around);
        const { standing, fitForMs = Number.NaN, stableMs } = around;
        const may = required(given).every(isFit) && standing.length === 0 && fitForMs >= stableMs;
        expect(verdict === "go").toBe(may);
        goes += Number(may);
      }),
      { numRuns: 3000 },
    );
    expect(goes, "the property was tested on suites that go").toBeGreaterThan(100);
  });

  test("does not become go when a required check becomes worse", () => {
    const worse = fc.constantFrom(
      undefined,
      checkOf({ status: "fail", code: "CONNECT_REFUSED" }),
      checkOf({ status: "fail", code: "AUTH_FAILED" }),
      checkOf({ status: "fail", code: "NOT_EVALUATED" }),
      checkOf({ status: "unknown", code: "CHECK_ERROR" }),
      checkOf({ status: "warn", code: "QUERY_TIMEOUT" }),
      checkOf({ status: "fail", code: "STALE", stale: true }),
      checkOf({ kind: "auth", status: "pass" }),
    );
    fc.assert(
      fc.property(anySuite, circumstances, fc.nat(4), worse, (given, around, at, check) => {
        const index = at % given.length;
        const after = given.map((each, i) => (i === index ? { ...each, check } : each));
        const became = verdictOn(after, around).verdict;
        if (given[index]?.level === "required") expect(became).not.toBe("go");
        else expect(became === "go").toBe(verdictOn(given, around).verdict === "go");
      }),
      { numRuns: 2000 },
    );
  });

  test("is stop only outside the grace, and only for what waiting cannot cure", () => {
    let stops = 0;
    fc.assert(
      fc.property(anySuite, circumstances, (given, around) => {
        if (verdictOn(given, around).verdict !== "stop") return;
        stops += 1;
        expect(around.inGrace).toBe(false);
        expect(required(given).every(curable)).toBe(false);
      }),
      { numRuns: 3000 },
    );
    expect(stops).toBeGreaterThan(100);
  });

  test("what is optional never stops or delays a suite, and is told", () => {
    fc.assert(
      fc.property(anySuite, circumstances, (given, around) => {
        const optional = given.map((each) => ({ ...each, level: "optional" as const }));
        const { verdict, reasons } = verdictOn(optional, { ...around, standing: [], fitForMs: 9e9 });
        expect(verdict).toBe("go");
        const told = new Set(reasons.map(({ dependency }) => dependency));
        for (const [index, each] of optional.entries()) if (!isFit(each)) expect(told).toContain(`d${index}`);
      }),
    );
  });

  test("what is not known is inconclusive, what was not observed yet is wait", () => {
    const around = { standing: [], stableMs: 0, fitForMs: undefined, inGrace: false };
    const verdict = (check: Check): string =>
      verdictOn([{ level: "required", assurance: "real", check }], around).verdict;
    expect(verdict(checkOf({ status: "unknown", code: "CHECK_ERROR" }))).toBe("inconclusive");
    expect(verdict(checkOf({ status: "fail", code: "STALE", stale: true }))).toBe("inconclusive");
    expect(verdict(checkOf({ status: "fail", code: "NOT_EVALUATED" }))).toBe("wait");
    expect(verdict(checkOf({ status: "fail", code: "AUTH_FAILED" }))).toBe("stop");
  });

  test("a suite that requires nothing, and one whose requirement nobody observes, stop", () => {
    const around = { standing: [], stableMs: 0, fitForMs: 9e9, inGrace: false };
    expect(verdictOn([], around)).toMatchObject({ verdict: "stop", fit: false });
    const missing: Given = { level: "required", assurance: "real", check: undefined };
    expect(verdictOn([missing], around).reasons).toMatchObject([{ code: "NOT_CONFIGURED", curable: false }]);
  });
});
