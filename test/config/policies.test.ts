import { describe, expect, test } from "vitest";
import { STRICT } from "../../services/policy/strictness.ts";
import { isProduction } from "../../src/config/mocks.ts";
import { loadConfig } from "../../src/config/load.ts";

const ENV = { DATABASE_URL: "postgres://app:secret-canary@p/d", REDIS_URL: "redis://r" };
const NOW = Date.parse("2026-11-22T12:00:00Z");

const load = (text: string, env: Record<string, string> = ENV) =>
  loadConfig({ env, file: { path: "greenlight.yaml", text }, now: NOW });

async function configOf(text: string, env?: Record<string, string>) {
  const result = await load(text, env);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result;
}

async function faultsOf(text: string, env?: Record<string, string>) {
  const result = await load(text, env);
  if (result.ok) throw new Error("no fault");
  expect(JSON.stringify(result.faults)).not.toContain("secret-canary");
  return result.faults.map(({ where, path, expected, found }) => ({ where, path, expected, found }));
}

const levels = (
  suites: readonly { name: string; requirements: readonly { dependency: string; level: string }[] }[],
) =>
  Object.fromEntries(
    suites
      .find(({ name }) => name === "all")
      ?.requirements.map(({ dependency, level }) => [dependency, level]) ?? [],
  );

describe("a policy", () => {
  test("holds for the suites of its own environment, and says what it lowers", async () => {
    const policies = `
environment: staging
policies:
  - { environment: production, requires: { redis: required } }
  - { environment: staging, requires: { redis: ignored, clickhouse: required } }`;
    const { config } = await configOf(policies);
    expect(levels(config.suites)).toEqual({ postgres: "required", clickhouse: "required" });
    expect(config.suites[0]?.notes).toEqual([
      "redis is not in this verdict: the policy for staging ignores it.",
    ]);
    expect(config.policy).toMatchObject({ environment: "staging", policy: { mode: "enforce" } });
  });

  test("of another environment changes nothing; one that differs in capitals is pointed out", async () => {
    const { config, warnings } = await configOf(`
environment: staging
policies: [{ environment: Staging, requires: { redis: ignored } }]`);
    expect(levels(config.suites)).toEqual({ postgres: "required", redis: "required" });
    expect(warnings).toMatchObject([
      { where: "greenlight.yaml:3:27", message: "does not apply to staging: names are compared exactly" },
    ]);
  });

  test("is strict where it or the file says so", async () => {
    const own = await configOf("{ environment: s, policies: [{ environment: s, strict: true }] }");
    expect(own.config.strictness).toEqual(STRICT);
    expect((await configOf("strict: true")).config.strictness).toEqual(STRICT);
    expect((await configOf("environment: s")).config.strictness).toEqual({});
  });

  test("whatever is wrong is told at once, with its place", async () => {
    const faults = await faultsOf(`
policies:
  - { environment: s, requires: { postgress: required, redis: maybe } }
  - { environment: s, mode: sometimes }
  - { environment: t, mode: "off", strict: true, allowMock: true }
  - { environment: eu-prod, allowMock: true }`);
    expect(faults.map(({ where, path }) => `${where} ${path}`)).toEqual([
      "greenlight.yaml:3:63 policies.0.requires.redis",
      "greenlight.yaml:4:29 policies.1.mode",
      "greenlight.yaml:3:46 policies.0.requires.postgress",
      "greenlight.yaml:4:20 policies.1.environment",
      "greenlight.yaml:5:61 policies.2.allowMock",
      "greenlight.yaml:5:44 policies.2.strict",
      "greenlight.yaml:6:40 policies.3.allowMock",
    ]);
  });
});

describe("a policy that is off in production", () => {
  const off = `
environment: production
policies: [{ environment: production, mode: "off" }]`;

  test("is refused", async () => {
    expect(isProduction("production")).toBe(true);
    expect(await faultsOf(off)).toMatchObject([
      { where: "greenlight.yaml:3:45", path: "policies.0.mode", found: "`off` and no such waiver" },
    ]);
  });

  test("is accepted with a waiver that says why, who and until when", async () => {
    const waivers = `
waivers: [{ finding: "POLICY_OFF:production", reason: r, owner: o, expires: 2026-12-24 }]`;
    expect((await configOf(off + waivers)).config.policy.policy?.mode).toBe("off");
  });

  test("elsewhere it needs none", async () => {
    expect((await load(off.replaceAll("production", "staging"))).ok).toBe(true);
  });
});

describe("flags among the variables", () => {
  test("make the suites stricter, without a file too", async () => {
    const result = await loadConfig({ env: { ...ENV, REQUIRE_CLICKHOUSE_CONNECTION: "true" } });
    if (!result.ok) throw new Error("faults");
    expect(levels(result.config.suites)).toMatchObject({ clickhouse: "required" });
  });

  test.each([
    ["ENABLE_STRICT_VALIDATION", STRICT],
    ["STRICT_CONFIG_VALIDATION", { environment: "error", policy: "error", waivers: "error" }],
    ["FAIL_ON_CONFIG_DRIFT", { drift: "warning" }],
  ])("%s is strict about findings", async (flag, strictness) => {
    expect((await configOf("environment: s", { ...ENV, [flag]: "1" })).config.strictness).toEqual(strictness);
    expect((await configOf("environment: s", { ...ENV, [flag]: "0" })).config.strictness).toEqual({});
  });

  test("never make the file milder", async () => {
    const { config } = await configOf("strict: true", { ...ENV, ENABLE_STRICT_VALIDATION: "false" });
    expect(config.strictness).toEqual(STRICT);
    expect(config.policy).toMatchObject({ strict: true, flags: { off: ["ENABLE_STRICT_VALIDATION"] } });
  });

  test.each(["FAIL_ON_MOCK_FALLBACK", "ENABLE_STRICT_VALIDATION"])("%s forbids mocks", async (flag) => {
    const text = `
environment: staging
policies: [{ environment: staging, allowMock: true }]
dependencies: { auth: { url: "https://auth.example.com" } }`;
    const mocks = async (env: Record<string, string>) =>
      (await configOf(text, env)).config.dependencies.find(({ kind }) => kind === "auth");
    expect(await mocks({})).toMatchObject({ mocks: { allowed: true } });
    expect(await mocks({ [flag]: "true" })).toMatchObject({ mocks: { allowed: false, because: flag } });
  });
});

describe("waivers", () => {
  test("are read; one that has expired is no fault", async () => {
    const { config } = await configOf(`
waivers:
  - { finding: "FLAG_BYPASS:SKIP_IT", reason: r, owner: qa, expires: 2026-11-21 }
  - { finding: "FLAG_BYPASS:SKIP_OTHER", reason: r, owner: qa, expires: 2027-02-20 }`);
    expect(config.waivers.map(({ expires }) => expires)).toEqual(["2026-11-21", "2027-02-20"]);
  });

  test("whatever is wrong is told at once, with its place", async () => {
    const faults = await faultsOf(`
waivers:
  - { finding: "FLAG_BYPAS:SKIP_IT", reason: " ", owner: qa, expires: 2026-02-30 }
  - { finding: "SOURCE_LATE:drift", reason: r, owner: "", expires: 2027-02-21 }
  - { finding: nonsense, reason: r, owner: qa, expires: tomorrow }
  - { finding: "FLAG_BYPASS:A", reason: r, owner: qa, expires: 2026-12-01 }
  - { finding: "FLAG_BYPASS:A", reason: r, owner: qa, expires: 2026-12-02 }`);
    expect(faults.map(({ where, path }) => `${where} ${path}`)).toEqual([
      "greenlight.yaml:3:16 waivers.0.finding",
      "greenlight.yaml:3:46 waivers.0.reason",
      "greenlight.yaml:3:71 waivers.0.expires",
      "greenlight.yaml:4:16 waivers.1.finding",
      "greenlight.yaml:4:55 waivers.1.owner",
      "greenlight.yaml:4:68 waivers.1.expires",
      "greenlight.yaml:5:16 waivers.2.finding",
      "greenlight.yaml:5:57 waivers.2.expires",
      "greenlight.yaml:7:16 waivers.4.finding",
    ]);
    expect(faults[5]).toMatchObject({
      expected: "a day at most 90 days ahead",
      found: "`2027-02-21`, 91 days from today",
    });
  });
});
