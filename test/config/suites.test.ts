import { readFile } from "node:fs/promises";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Requirement } from "../../services/gate/suite.ts";
import type { Config } from "../../src/config/config.ts";
import { secretsOf } from "../../src/secrets.ts";
import { configOf, read } from "./load.ts";

const ENV = {
  DATABASE_URL: "postgres://app:Xk9canaryQz7@p/d",
  CLICKHOUSE_URL: "http://c:8123",
  REDIS_URL: "redis://r",
  AUTH_URL: "https://auth.example.com",
};

const TARGETS = `
  http: [{ name: api, url: "https://api.example.com", headers: [{ name: x-own }], status: [200, 204] }]
  tcp: [{ name: mail, url: "tcp://mail:25" }]
`;

function suiteOf({ suites }: Config, name: string) {
  const found = suites.find((suite) => suite.name === name);
  if (found === undefined) throw new Error(`no suite ${name}: ${suites.map((each) => each.name).join(", ")}`);
  return found;
}

function derived({ suiteDependencies }: Config, name: string) {
  const found = suiteDependencies.find((options) => options.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

const plain = (dependency: string, given: Partial<Requirement> = {}): Requirement => ({
  dependency,
  observed: dependency,
  level: "required",
  assurance: "real",
  ...given,
});

describe("the suites there are without being named", () => {
  test("database and all, required and optional as configured", async () => {
    const { config } = await configOf("dependencies: { redis: { required: false } }", ENV);
    const optional = plain("redis", { level: "optional" });
    expect(config.suites).toEqual([
      {
        name: "database",
        requirements: [plain("postgres"), plain("clickhouse"), optional],
        stableMs: 3000,
        graceMs: 0,
        credentials: [],
      },
      {
        name: "all",
        requirements: [plain("postgres"), plain("clickhouse"), optional, plain("auth")],
        stableMs: 3000,
        graceMs: 0,
        credentials: [],
      },
    ]);
    expect(config.suiteDependencies).toEqual([]);
  });

  test("one for each group, each member once", async () => {
    const { config } = await configOf(`groups: { cache: [redis, redis] }`, ENV);
    expect(suiteOf(config, "cache").requirements).toEqual([plain("redis")]);
  });

  test("none when nothing is configured", async () => {
    expect((await configOf("")).config.suites).toEqual([]);
  });

  test("one of the file takes the place of that of its name", async () => {
    const { config } = await configOf("suites: { all: [redis], database: [postgres] }", ENV);
    expect(config.suites.map(({ name, requirements }) => [name, requirements.length])).toEqual([
      ["database", 1],
      ["all", 1],
    ]);
  });
});

describe("the suites of the file", () => {
  test("a list, and a mapping with everything it can say", async () => {
    const { config, sources } = await configOf(
      `
suites:
  quick: [postgres, { dependency: auth, assurance: mock }]
  e2e:
    requires:
      - redis
      - { dependency: auth, assurance: emulator }
      - { dependency: clickhouse, level: optional }
    stable: 0s
    grace: 90s
    expected: 2h
    credentials: [{ variable: E2E_TOKEN }, { variable: _other }, { variable: E2E_TOKEN }]
`,
      ENV,
    );
    expect(suiteOf(config, "quick")).toEqual({
      name: "quick",
      requirements: [plain("postgres"), plain("auth", { assurance: "mock" })],
      stableMs: 3000,
      graceMs: 0,
      credentials: [],
    });
    expect(suiteOf(config, "e2e")).toEqual({
      name: "e2e",
      requirements: [
        plain("redis"),
        plain("auth", { assurance: "emulator" }),
        plain("clickhouse", { level: "optional" }),
      ],
      stableMs: 0,
      graceMs: 90_000,
      expectedMs: 7_200_000,
      credentials: [{ variable: "E2E_TOKEN" }, { variable: "_other" }],
    });
    expect(sources["suites.quick"]).toEqual({ kind: "file", where: "greenlight.yaml:3:10" });
    expect(sources["suites.e2e.grace"]).toEqual({ kind: "file", where: "greenlight.yaml:10:12" });
  });

  test("values come out of variables", async () => {
    const { config } = await configOf(`suites: { a: { requires: ["\${WHAT}"], stable: "\${STABLE:-1s}" } }`, {
      ...ENV,
      WHAT: "redis",
    });
    expect(suiteOf(config, "a")).toMatchObject({ requirements: [plain("redis")], stableMs: 1000 });
  });

  test("an assurance where nobody else can serve, and a suite that requires nothing, are warned of", async () => {
    const { warnings } = await configOf(
      "suites: { a: [{ dependency: redis, assurance: mock }], b: [{ dependency: redis, level: optional }] }",
      ENV,
    );
    expect(warnings).toMatchObject([
      { path: "suites.a.0.assurance", where: "greenlight.yaml:1:47" },
      { path: "suites.b", message: expect.stringContaining("nothing in it is required") },
    ]);
  });
});

describe("what a suite expects beyond the environment", () => {
  test("Postgres: statements are added, table and migration stand in for the environment's", async () => {
    const { config } = await configOf(
      `
dependencies:
  postgres:
    required: false
    warnAbove: 10ms
    table: own
    migration: { table: migrations, column: id, version: "1" }
    assert: [{ query: select 1, equals: 1 }]
suites:
  e2e:
    - { dependency: postgres, migration: { version: "42" }, table: users, assert: [{ query: select $1, params: [a], equals: a }] }
`,
      ENV,
    );
    expect(suiteOf(config, "e2e").requirements).toEqual([plain("postgres", { observed: "postgres@e2e" })]);
    expect(derived(config, "postgres@e2e")).toEqual({
      ...config.dependencies[0],
      name: "postgres@e2e",
      required: true,
      table: "users",
      migration: { table: "migrations", column: "id", version: "42" },
      assert: [
        { query: "select 1", equals: 1 },
        { query: "select $1", params: ["a"], equals: "a" },
      ],
    });
    expect(config.dependencies.map(({ name }) => name)).not.toContain("postgres@e2e");
    expect(config.groups).toEqual({ database: ["postgres", "clickhouse", "redis"] });
    expect(secretsOf(config)).toEqual(["Xk9canaryQz7"]);
  });

  test("another table of migrations has the customary column", async () => {
    const { config } = await configOf(
      `
dependencies: { postgres: { migration: { table: a, column: id, version: "1" } } }
suites: { e2e: [{ dependency: postgres, migration: { table: b, version: "2" } }] }
`,
      ENV,
    );
    expect(derived(config, "postgres@e2e")).toMatchObject({
      migration: { table: "b", column: "version", version: "2" },
    });
  });

  test("each kind its own, also in two suites at once", async () => {
    const { config } = await configOf(
      `
dependencies: ${TARGETS}
suites:
  a:
    - { dependency: redis, key: seed }
    - { dependency: clickhouse, table: events }
    - { dependency: api, status: [200], headers: [{ name: x-more, equals: "1" }], json: [{ pointer: /version }] }
    - { dependency: mail, banner: "220 " }
  b: [{ dependency: redis, key: { name: seed, equals: done } }]
`,
      ENV,
    );
    expect(config.suiteDependencies.map(({ name }) => name)).toEqual([
      "redis@a",
      "clickhouse@a",
      "api@a",
      "mail@a",
      "redis@b",
    ]);
    expect(derived(config, "redis@a")).toMatchObject({
      kind: "redis",
      url: "redis://r",
      key: { name: "seed" },
    });
    expect(derived(config, "redis@b")).toMatchObject({ key: { name: "seed", equals: "done" } });
    expect(derived(config, "clickhouse@a")).toMatchObject({
      kind: "clickhouse",
      table: "events",
      assert: [],
    });
    expect(derived(config, "api@a")).toMatchObject({
      kind: "http",
      status: [200],
      headers: [{ name: "x-own" }, { name: "x-more", equals: "1" }],
      json: [{ pointer: "/version" }],
    });
    expect(derived(config, "mail@a")).toMatchObject({ kind: "tcp", banner: "220 " });
  });
});

test("the example loads without a warning", async () => {
  const path = "examples/greenlight.yaml";
  const { config, warnings } = await configOf(await readFile(path, "utf8"), ENV);
  expect(warnings).toEqual([]);
  expect(config.suites.map(({ name }) => name)).toEqual(["database", "cache", "all", "smoke", "e2e"]);
});

test("whatever suites are, loading them does not throw, and every requirement of a good one is observed", async () => {
  const names = fc.constantFrom("postgres", "clickhouse", "redis", "auth", "api", "mail", "nothing", "a b");
  const requirement = fc.oneof(
    names,
    fc.record(
      {
        dependency: names,
        level: fc.constantFrom("required", "optional", "x"),
        assurance: fc.constantFrom("real", "mock", 1),
        table: fc.constantFrom("users", "1"),
        key: fc.constantFrom("k", { name: "k" }),
        banner: fc.constant("220"),
      },
      { requiredKeys: [] },
    ),
    fc.jsonValue(),
  );
  const suite = fc.oneof(
    fc.array(requirement, { maxLength: 3 }),
    fc.record(
      {
        requires: fc.array(requirement, { maxLength: 3 }),
        stable: fc.constantFrom("1s", 1),
        expected: fc.constant("1m"),
      },
      { requiredKeys: [] },
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom("a", "b-1", "C", "__proto__"), suite), async (suites) => {
      const result = await read(`dependencies: ${TARGETS}\nsuites: ${JSON.stringify(suites)}`, ENV);
      if (!result.ok) {
        expect(result.faults.length).toBeGreaterThan(0);
        return;
      }
      const { dependencies, suiteDependencies } = result.config;
      const observed = [...dependencies, ...suiteDependencies].map(({ name }) => name);
      expect(new Set(observed).size).toBe(observed.length);
      for (const { requirements } of result.config.suites) {
        expect(requirements.length).toBeGreaterThan(0);
        expect(observed).toEqual(expect.arrayContaining(requirements.map((each) => each.observed)));
      }
    }),
  );
});
