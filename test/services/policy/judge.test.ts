import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { STRICT_FLAG_NAMES, type StrictFlagName } from "../../../services/policy/flags.ts";
import { type PolicyFacts, policyFindings } from "../../../services/policy/judge.ts";
import type { Policy } from "../../../services/policy/policy.ts";
import { NO_FLAGS, readFlags } from "../../../services/policy/read-flags.ts";
import { LENIENT, STRICT, stops, stricter, type Strictness } from "../../../services/policy/strictness.ts";

const FACTS: PolicyFacts = {
  environment: "staging",
  production: false,
  policy: undefined,
  flags: NO_FLAGS,
  configured: ["postgres", "redis"],
  strict: undefined,
  hasBaseline: true,
};

const policy = (given: Partial<Policy>): Policy => ({
  environment: "staging",
  mode: "enforce",
  requires: {},
  allowMock: false,
  strict: undefined,
  ...given,
});

const judge = (given: Partial<PolicyFacts>) =>
  policyFindings({ ...FACTS, ...given }).map(({ id, severity }) => `${severity} ${id}`);

const on = (...flags: StrictFlagName[]) => ({ ...NO_FLAGS, on: flags });
const off = (...flags: StrictFlagName[]) => ({ ...NO_FLAGS, off: flags });

test("without a policy and without flags nothing is found", () => {
  expect(judge({})).toEqual([]);
});

describe("breaches", () => {
  const requires = { postgres: "forbidden", clickhouse: "required", redis: "required" } as const;

  test("are errors where the policy is enforced", () => {
    expect(judge({ policy: policy({ requires }) })).toEqual([
      "error POLICY_FORBIDDEN:postgres",
      "error POLICY_REQUIRED_MISSING:clickhouse",
    ]);
  });

  test("are warnings where it warns", () => {
    expect(judge({ policy: policy({ requires, mode: "warn" }) })).toEqual([
      "warning POLICY_FORBIDDEN:postgres",
      "warning POLICY_REQUIRED_MISSING:clickhouse",
    ]);
  });

  test("are none where it is off, which is told itself: as an error in production", () => {
    expect(judge({ policy: policy({ requires, mode: "off" }) })).toEqual(["note POLICY_OFF:staging"]);
    expect(judge({ policy: policy({ requires, mode: "off" }), production: true })).toEqual([
      "error POLICY_OFF:staging",
    ]);
  });
});

describe("flags", () => {
  test("that require what is not configured miss it", () => {
    expect(judge({ flags: on("REQUIRE_CLICKHOUSE_CONNECTION", "VALIDATE_AUTH_SERVICE") })).toEqual([
      "error POLICY_REQUIRED_MISSING:clickhouse",
      "error POLICY_REQUIRED_MISSING:auth",
    ]);
  });

  test("that are no booleans, and those that turn checks off, are errors", () => {
    expect(
      judge({ flags: readFlags({ REQUIRE_REDIS_CONNECTION: "ture", BYPASS_STARTUP_VALIDATION: "1" }) }),
    ).toEqual([
      "error FLAG_NOT_BOOLEAN:REQUIRE_REDIS_CONNECTION",
      "error FLAG_BYPASS:BYPASS_STARTUP_VALIDATION",
    ]);
  });

  test.each<[string, Partial<PolicyFacts>, StrictFlagName]>([
    ["a milder policy", { policy: policy({ requires: { redis: "ignored" } }) }, "REQUIRE_REDIS_CONNECTION"],
    [
      "a milder policy for one of all",
      { policy: policy({ requires: { redis: "optional" } }) },
      "REQUIRE_ALL_SERVICES",
    ],
    [
      "what is made optional",
      { policy: policy({ requires: { redis: "optional" } }) },
      "VALIDATE_SERVICE_CONNECTIVITY",
    ],
    ["`strict: false`", { strict: false }, "ENABLE_STRICT_VALIDATION"],
    ["`strict: false` of the policy", { policy: policy({ strict: false }) }, "STRICT_CONFIG_VALIDATION"],
    ["a mock that may serve", { policy: policy({ allowMock: true }) }, "FAIL_ON_MOCK_FALLBACK"],
  ])("that are set against %s contradict it", (_, given, flag) => {
    expect(judge({ ...given, flags: on(flag) })).toEqual([`warning FLAG_CONTRADICTS:${flag}`]);
  });

  test("that are said to be false contradict what the file says", () => {
    expect(judge({ strict: true, flags: off("ENABLE_STRICT_VALIDATION") })).toEqual([
      "warning FLAG_CONTRADICTS:ENABLE_STRICT_VALIDATION",
    ]);
    const requires = { redis: "required" } as const;
    expect(judge({ policy: policy({ requires }), flags: off("REQUIRE_REDIS_CONNECTION") })).toEqual([
      "warning FLAG_CONTRADICTS:REQUIRE_REDIS_CONNECTION",
    ]);
    expect(judge({ flags: off("REQUIRE_REDIS_CONNECTION", "ENABLE_STRICT_VALIDATION") })).toEqual([]);
  });

  test.each<[StrictFlagName, Partial<PolicyFacts>]>([
    ["FAIL_ON_CONFIG_DRIFT", { hasBaseline: false }],
    ["VALIDATE_DATABASE_CONNECTIONS", { configured: ["auth"] }],
    ["REQUIRE_ALL_SERVICES", { configured: [] }],
    ["VALIDATE_SERVICE_DISCOVERY", { configured: ["postgres"] }],
  ])("%s with nothing to act on is told", (flag, given) => {
    expect(judge({ ...given, flags: on(flag) })).toEqual([`warning FLAG_WITHOUT_EFFECT:${flag}`]);
  });
});

test("no value of a variable is ever told", () => {
  const canary = "Xk9canaryQz7";
  const names = [...STRICT_FLAG_NAMES, "BYPASS_STARTUP_VALIDATION"];
  const env = Object.fromEntries(names.map((name) => [name, canary]));
  const found = policyFindings({ ...FACTS, flags: readFlags(env) });
  expect(found.length).toBeGreaterThan(STRICT_FLAG_NAMES.length);
  expect(JSON.stringify(found)).not.toContain(canary);
});

const AREAS = ["context", "environment", "policy", "drift", "waivers"] as const;
const anyStrictness: fc.Arbitrary<Strictness> = fc.dictionary(
  fc.constantFrom(...AREAS),
  fc.constantFrom("error" as const, "warning" as const),
);

test("two strictnesses together stop whatever one of them stops, and nothing else", () => {
  const severity = fc.constantFrom("error" as const, "warning" as const, "note" as const);
  fc.assert(
    fc.property(anyStrictness, anyStrictness, fc.constantFrom(...AREAS), severity, (a, b, area, given) => {
      expect(stops(stricter(a, b), area, given)).toBe(stops(a, area, given) || stops(b, area, given));
      expect(stops(LENIENT, area, given)).toBe(false);
      expect(stops(STRICT, area, given)).toBe(given === "error");
    }),
  );
});
