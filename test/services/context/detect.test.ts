import { describe, expect, test } from "vitest";
import { detectFrom, evidenceOf, host, told } from "./inputs.ts";

const named = (name: string) => ({ source: "GREENLIGHT_ENVIRONMENT", name });
const decided = (given: Parameters<typeof detectFrom>[0], rules?: Parameters<typeof detectFrom>[1]) => {
  const { environment, decidedBy } = detectFrom(given, rules);
  return [environment, decidedBy];
};

const urls = (a: string, b: string) => [
  host("postgres", `${a}.acme.internal`),
  host("redis", `${b}.acme.internal`),
];

describe("what decides", () => {
  /** Each of them says something else; those before it are left out, one after the other. */
  const all = {
    flag: "test",
    declared: [told("postgres", "staging")],
    named: named("development"),
    variables: { APP_ENV: "staging", K_SERVICE: "api-dev", GOOGLE_CLOUD_PROJECT: "acme-qa" },
    urls: [host("redis", "cache.staging.acme.internal")],
    files: [".env.staging"],
  };

  test("is the flag, then a server's word, then the configuration, then hints by their kind; files never", () => {
    expect(decided(all)).toEqual(["test", "--env"]);
    const { flag: _flag, ...withoutFlag } = all;
    expect(decided(withoutFlag)).toEqual(["staging", "postgres"]);
    const { declared: _declared, ...undeclared } = withoutFlag;
    expect(decided(undeclared)).toEqual(["development", "GREENLIGHT_ENVIRONMENT"]);
    const { named: _named, ...unnamed } = undeclared;
    expect(decided(unnamed)).toEqual(["staging", "APP_ENV"]);
    const { APP_ENV: _app, ...platform } = all.variables;
    expect(decided({ ...unnamed, variables: platform })).toEqual(["development", "K_SERVICE"]);
    const { K_SERVICE: _service, ...project } = platform;
    expect(decided({ ...unnamed, variables: project })).toEqual(["test", "GOOGLE_CLOUD_PROJECT"]);
    expect(decided({ ...unnamed, variables: {} })).toEqual(["staging", "redis.host"]);
    expect(decided({ files: all.files })).toEqual(["unknown", null]);
  });

  test("follows the weights among hints, and no weight lifts a hint above what was said", () => {
    const weights = {
      flag: 1,
      declared: 1,
      variable: 1,
      customary: 1,
      platform: 2,
      project: 3,
      url: 100,
      file: 100,
    };
    const { flag: _flag, declared: _declared, named: _named, ...hints } = all;
    expect(decided(hints, { weights })).toEqual(["staging", "redis.host"]);
    expect(decided({ ...hints, named: named("test") }, { weights })).toEqual([
      "test",
      "GREENLIGHT_ENVIRONMENT",
    ]);
    expect(decided(hints, { weights: { ...weights, url: 0, project: 0 } })).toEqual([
      "development",
      "K_SERVICE",
    ]);
  });

  test("is nothing where nothing is known", () => {
    expect(detectFrom({})).toEqual({
      environment: "unknown",
      confidence: 0,
      decidedBy: null,
      tier: null,
      indicators: { agree: 0, total: 0 },
      evidence: [],
      contradictions: [],
      mayWrite: false,
      vetoes: ["which environment this is, is not known"],
      unasked: [],
    });
  });

  test("is nothing where hints of one kind disagree evenly, and production where that is among them", () => {
    const even = detectFrom({ urls: urls("staging", "qa") });
    expect(even).toMatchObject({
      environment: "unknown",
      decidedBy: null,
      indicators: { agree: 0, total: 2 },
    });
    expect(even.contradictions).toHaveLength(1);
    expect(decided({ urls: urls("staging", "prod") })).toEqual(["production", "redis.host"]);
    expect(
      decided({ urls: [...urls("staging", "prod"), host("auth.real", "auth.staging.acme.internal")] }),
    ).toEqual(["staging", "postgres.host"]);
  });

  test("is production when one of several servers says so of itself", () => {
    expect(
      decided({ declared: [told("postgres", "staging"), told("redis", "prod"), told("auth", "staging")] }),
    ).toEqual(["production", "redis"]);
  });
});

describe("the platform", () => {
  test.each([
    [{ GITHUB_ACTIONS: "true", CI: "true" }, "ci", "GITHUB_ACTIONS"],
    [{ GITLAB_CI: "true", CI: "true" }, "ci", "GITLAB_CI"],
    [{ GITLAB_CI: "true", CI_ENVIRONMENT_TIER: "staging" }, "staging", "CI_ENVIRONMENT_TIER"],
    [{ CI: "true" }, "ci", "CI"],
    [{ CI: "1" }, "ci", "CI"],
    [{ JENKINS_URL: "https://jenkins.acme.internal" }, "ci", "JENKINS_URL"],
    [{ K_SERVICE: "api-staging", K_REVISION: "api-staging-00007-abc" }, "staging", "K_SERVICE"],
    [{ K_SERVICE: "api", GOOGLE_CLOUD_PROJECT: "acme-prod" }, "production", "GOOGLE_CLOUD_PROJECT"],
    [{ POD_NAMESPACE: "staging" }, "staging", "POD_NAMESPACE"],
    [{ VERCEL_ENV: "production" }, "production", "VERCEL_ENV"],
    [{ K_REVISION: "api-00007-prd" }, "unknown", null],
    [{ K_REVISION: "api-prod-00007-abc" }, "production", "K_REVISION"],
    [{ CI_ENVIRONMENT_NAME: "review/fix-prod-login" }, "unknown", null],
    [{ CI_ENVIRONMENT_NAME: "production/eu" }, "production", "CI_ENVIRONMENT_NAME"],
    [{ CI: "false" }, "unknown", null],
    [{ K_SERVICE: "devices" }, "unknown", null],
    [{ K_SERVICE: "" }, "unknown", null],
  ])("with %o is %s, by %s", (variables, environment, by) => {
    expect(decided({ variables })).toEqual([environment, by]);
  });

  test("tells the namespace of a service account", () => {
    expect(decided({ namespace: "staging" })).toEqual(["staging", "service account"]);
  });

  test("of a CI system says where it runs, which contradicts no environment that is tested there", () => {
    const detection = detectFrom({ named: named("staging"), variables: { GITHUB_ACTIONS: "true" } });
    expect(detection.contradictions).toEqual([]);
    expect(detection.indicators).toEqual({ agree: 1, total: 1 });
    expect(evidenceOf(detection, "GITHUB_ACTIONS")?.standing).toBe("neutral");
  });

  test("of a CI system outweighs addresses, which then contradict it", () => {
    const detection = detectFrom({
      variables: { GITHUB_ACTIONS: "true" },
      urls: [host("postgres", "db.staging.acme.internal")],
    });
    expect(detection).toMatchObject({ environment: "ci", decidedBy: "GITHUB_ACTIONS" });
    expect(detection.contradictions.map(({ code }) => code)).toEqual(["CONTEXT_CONTRADICTION"]);
  });
});

describe("projects and weights", () => {
  test("whole ids that are configured win over their labels, of variables, sockets and machines", () => {
    const rules = { projects: { "acme-prod-like": "staging", "my-device-app": "production" } } as const;
    expect(decided({ variables: { GOOGLE_CLOUD_PROJECT: "my-device-app" } }, rules)).toEqual([
      "production",
      "GOOGLE_CLOUD_PROJECT",
    ]);
    expect(decided({ urls: [host("postgres", "/cloudsql/my-device-app:europe-west1:main")] }, rules)).toEqual(
      ["production", "postgres.project"],
    );
    expect(
      decided({ urls: [host("postgres", "db.europe-west1-b.c.acme-prod-like.internal")] }, rules),
    ).toEqual(["staging", "postgres.project"]);
    expect(decided({ variables: { GOOGLE_CLOUD_PROJECT: "my-device-app" } })).toEqual(["unknown", null]);
  });

  test("what is ignored or weighs nothing is neither heard nor a veto", () => {
    const given = { named: named("staging"), variables: { APP_ENV: "production" } };
    expect(detectFrom(given).mayWrite).toBe(false);
    expect(detectFrom(given, { ignore: ["APP_ENV"] })).toMatchObject({ mayWrite: true, contradictions: [] });
  });
});

test("the name of a host decides where nothing else does, and is not enough to write by", () => {
  const urls = [host("postgres", "db.stg.acme.internal")];
  expect(detectFrom({ urls })).toMatchObject({
    environment: "staging",
    mayWrite: false,
    vetoes: ["nothing but the name of a host says so"],
  });
  expect(detectFrom({ urls, named: named("staging") })).toMatchObject({ mayWrite: true, vetoes: [] });
});

describe("NODE_ENV", () => {
  test("is a mode of building: anything stronger overrules its production, and it counts where nothing does", () => {
    const variables = { NODE_ENV: "production" };
    expect(detectFrom({ variables })).toMatchObject({ environment: "production", mayWrite: false });
    expect(detectFrom({ variables, named: named("staging") })).toMatchObject({
      mayWrite: true,
      contradictions: [],
    });
    expect(detectFrom({ variables: { ...variables, APP_ENV: "staging" } })).toMatchObject({
      environment: "staging",
      mayWrite: true,
      contradictions: [],
    });
    const address = detectFrom({ variables, urls: [host("redis", "cache.staging.acme.internal")] });
    expect(address).toMatchObject({ environment: "production", mayWrite: false });
    expect(address.contradictions).toHaveLength(1);
  });

  test("says what it says otherwise", () => {
    expect(decided({ variables: { NODE_ENV: "staging" } })).toEqual(["staging", "NODE_ENV"]);
    expect(decided({ variables: { NODE_ENV: "test", GITHUB_ACTIONS: "true" } })).toEqual([
      "test",
      "NODE_ENV",
    ]);
  });
});

test("files for several environments lie there to be chosen from; one alone is a hint that contradicts nothing", () => {
  const several = detectFrom({ flag: "staging", files: [".env", ".env.staging", ".env.production.local"] });
  expect(several.indicators).toEqual({ agree: 1, total: 1 });
  const alone = detectFrom({ flag: "staging", files: ["compose.production.yaml"] });
  expect(alone).toMatchObject({ mayWrite: true, contradictions: [], confidence: 1 });
  expect(evidenceOf(alone, "compose.production.yaml")).toMatchObject({
    says: "production",
    standing: "neutral",
  });
  expect(detectFrom({ flag: "staging", files: [".env.staging", ".env.example"] }).indicators.agree).toBe(2);
});

describe("writing", () => {
  test.each<[string, Parameters<typeof detectFrom>[0]]>([
    ["postgres declares itself staging", { flag: "test", declared: [told("postgres", "staging")] }],
    ["redis points at production", { flag: "staging", declared: [told("redis", "production")] }],
    ["this is production", { flag: "production" }],
    ["redis.host points at production", { flag: "test", urls: [host("redis", "r.prod.acme.internal")] }],
    [
      "redis.host points at production",
      { flag: "test", urls: [host("redis", "staging-prod.acme.internal")] },
    ],
    [
      "not asked, although able to declare the environment: postgres",
      { flag: "test", unasked: ["postgres"] },
    ],
    [
      "postgres was to declare its environment, and could not be asked",
      {
        flag: "test",
        declared: [{ dependency: "postgres", kind: "unreadable", message: "CONNECT_REFUSED" }],
      },
    ],
    [
      "postgres declares an environment that is not known",
      { flag: "test", declared: [told("postgres", "blue")] },
    ],
  ])("is refused because %s", (because, given) => {
    expect(detectFrom(given)).toMatchObject({ mayWrite: false, vetoes: [because] });
  });

  test("is allowed where nothing speaks against it", () => {
    const given = {
      flag: "staging",
      declared: [told("postgres", "stg")],
      urls: [host("redis", "cache.nonprod.acme.internal")],
    };
    expect(detectFrom(given)).toMatchObject({ mayWrite: true, vetoes: [], confidence: 1 });
  });
});

const of = (given: Parameters<typeof detectFrom>[0]) => detectFrom(given).confidence;

test("confidence falls with what contradicts, as much as that proves", () => {
  const url = host("redis", "cache.staging.acme.internal");
  expect(of({ urls: [url] })).toBe(0.2);
  expect(of({ urls: [url, url] })).toBe(0.2);
  expect(of({ urls: [url], variables: { K_SERVICE: "api-staging" } })).toBe(0.52);
  expect(of({ flag: "test", urls: [url] })).toBe(0.8);
  expect(of({ flag: "test", declared: [told("redis", "staging")] })).toBe(0.05);
});
