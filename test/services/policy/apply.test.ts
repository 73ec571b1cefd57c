import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Requirement, SuiteOptions } from "../../../services/gate/suite.ts";
import { applyDemands } from "../../../services/policy/apply.ts";
import { demandsOf } from "../../../services/policy/demands.ts";
import { flagOf, STRICT_FLAG_NAMES, type StrictFlagName } from "../../../services/policy/flags.ts";
import { DEMANDS, type Policy, POLICY_MODES, policyFor } from "../../../services/policy/policy.ts";
import { NO_FLAGS } from "../../../services/policy/read-flags.ts";

const policy = (requires: Policy["requires"], given: Partial<Policy> = {}): Policy => ({
  environment: "staging",
  mode: "enforce",
  requires,
  allowMock: false,
  strict: undefined,
  ...given,
});

const needs = (dependency: string, given: Partial<Requirement> = {}): Requirement => ({
  dependency,
  observed: dependency,
  level: "required",
  assurance: "real",
  ...given,
});

const suite = (...requirements: Requirement[]): SuiteOptions => ({
  name: "e2e",
  requirements,
  stableMs: 0,
  graceMs: 0,
  credentials: [],
});

interface Given {
  readonly policy?: Policy;
  readonly flags?: readonly StrictFlagName[];
  readonly configured?: readonly string[];
}

const apply = (to: SuiteOptions, { policy: given, flags = [], configured = [] }: Given) =>
  applyDemands(to, demandsOf({ policy: given, flags: { ...NO_FLAGS, on: flags }, configured }));

const levels = ({ requirements }: SuiteOptions) =>
  Object.fromEntries(requirements.map(({ dependency, level }) => [dependency, level]));

test("a policy holds in exactly its environment", () => {
  const all = [policy({}), policy({}, { environment: "staging-eu" })];
  expect(policyFor(all, "staging-eu")).toBe(all[1]);
  expect(policyFor(all, "Staging")).toBeUndefined();
});

describe("an enforced policy", () => {
  test("required: every suite needs it, named or not", () => {
    const applied = apply(suite(needs("redis", { level: "optional" })), {
      policy: policy({ redis: "required", postgres: "required" }),
    });
    expect(levels(applied)).toEqual({ redis: "required", postgres: "required" });
    expect(applied.notes).toBeUndefined();
  });

  test("optional and ignored lower, and each says so in a note", () => {
    const applied = apply(suite(needs("redis"), needs("postgres"), needs("auth")), {
      policy: policy({ redis: "optional", postgres: "ignored" }),
    });
    expect(levels(applied)).toEqual({ redis: "optional", auth: "required" });
    expect(applied.notes).toEqual([
      "redis stops nothing here: the policy for staging makes it optional.",
      "postgres is not in this verdict: the policy for staging ignores it.",
    ]);
  });
});

test("a policy that only warns lowers nothing, and what it would require is looked at and told", () => {
  const applied = apply(suite(needs("redis"), needs("auth")), {
    policy: policy({ redis: "ignored", auth: "optional", postgres: "required" }, { mode: "warn" }),
  });
  expect(levels(applied)).toEqual({ redis: "required", auth: "required", postgres: "optional" });
  expect(applied.notes).toBeUndefined();
});

test("a policy that is off changes nothing", () => {
  const given = suite(needs("redis"));
  expect(
    apply(given, { policy: policy({ redis: "ignored", postgres: "required" }, { mode: "off" }) }),
  ).toEqual(given);
});

describe("each flag is honoured", () => {
  const configured = ["postgres", "redis", "auth", "api"];
  const given = suite(needs("redis", { level: "optional" }), needs("auth", { assurance: "mock" }));

  test.each<[StrictFlagName, Record<string, string>]>([
    ["REQUIRE_POSTGRES_CONNECTION", { redis: "optional", auth: "required", postgres: "required" }],
    ["REQUIRE_CLICKHOUSE_CONNECTION", { redis: "optional", auth: "required", clickhouse: "required" }],
    ["REQUIRE_REDIS_CONNECTION", { redis: "required", auth: "required" }],
    ["VALIDATE_AUTH_SERVICE", { redis: "optional", auth: "required" }],
    ["VALIDATE_WEBSOCKET_SERVICE", { redis: "optional", auth: "required", websocket: "required" }],
    ["VALIDATE_DATABASE_CONNECTIONS", { redis: "required", auth: "required", postgres: "required" }],
    ["REQUIRE_ALL_SERVICES", { redis: "required", auth: "required", postgres: "required", api: "required" }],
    ["VALIDATE_SERVICE_CONNECTIVITY", { redis: "required", auth: "required" }],
  ])("%s", (flag, expected) => {
    expect(levels(apply(given, { flags: [flag], configured }))).toEqual(expected);
  });

  test("VALIDATE_SERVICE_DISCOVERY: nothing less than the real one serves", () => {
    const applied = apply(given, { flags: ["VALIDATE_SERVICE_DISCOVERY"], configured });
    expect(applied.requirements.map(({ assurance }) => assurance)).toEqual(["real", "real"]);
  });

  test("the others are strict about findings, or forbid mocks, and change no suite", () => {
    for (const flag of STRICT_FLAG_NAMES) {
      const { kind } = flagOf(flag).effect;
      if (kind === "strict" || kind === "no-mock")
        expect(apply(given, { flags: [flag], configured })).toEqual(given);
    }
  });
});

const KINDS = ["postgres", "clickhouse", "redis", "auth", "api"];
const anyLevel = fc.constantFrom("required" as const, "optional" as const);
const anySuite = fc
  .uniqueArray(fc.constantFrom(...KINDS), { minLength: 1 })
  .chain((names) =>
    fc
      .array(anyLevel, { minLength: names.length, maxLength: names.length })
      .map((given) =>
        suite(...names.map((name, index) => needs(name, { level: given[index] ?? "required" }))),
      ),
  );
const anyPolicy = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...KINDS), fc.constantFrom(...DEMANDS)),
    fc.constantFrom(...POLICY_MODES),
  )
  .map(([requires, mode]) => policy(requires, { mode }));
const anyFlags = fc.uniqueArray(fc.constantFrom(...STRICT_FLAG_NAMES));

const requiredIn = (applied: SuiteOptions): string[] =>
  applied.requirements.filter(({ level }) => level === "required").map(({ dependency }) => dependency);

test("nothing that a suite requires is lowered without a note", () => {
  fc.assert(
    fc.property(anySuite, anyPolicy, anyFlags, (given, holds, flags) => {
      const applied = apply(given, { policy: holds, flags, configured: KINDS });
      const kept = new Set(requiredIn(applied));
      const lowered = requiredIn(given).filter((name) => !kept.has(name));
      for (const name of lowered)
        expect(applied.notes?.some((note) => note.startsWith(`${name} `))).toBe(true);
      if (holds.mode !== "enforce") expect(lowered).toEqual([]);
    }),
  );
});

test("a flag never makes anything milder", () => {
  fc.assert(
    fc.property(anySuite, anyPolicy, anyFlags, (given, holds, flags) => {
      const without = requiredIn(apply(given, { policy: holds, configured: KINDS }));
      const kept = new Set(requiredIn(apply(given, { policy: holds, flags, configured: KINDS })));
      expect(without.filter((name) => !kept.has(name))).toEqual([]);
    }),
  );
});
