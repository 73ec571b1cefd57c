import { describe, expect, test } from "vitest";
import { faultsOf } from "./load.ts";

const ENV = {
  DATABASE_URL: "postgres://p/d",
  REDIS_URL: "redis://r",
  AUTH_URL: "https://auth.example.com",
  WEBSOCKET_URL: "ws://w",
};

const TARGETS = `dependencies:
  http: [{ name: api, url: "https://api.example.com" }]
  tcp: [{ name: mail, url: "tcp://mail:25" }]
`;

describe("a fault of a suite", () => {
  test.each<[name: string, suites: string, path: string, rest: object]>([
    [
      "a misspelt dependency",
      "{ e2e: [postgers] }",
      "suites.e2e.0",
      { found: "`postgers`", suggestion: "did you mean `postgres`?" },
    ],
    [
      "a misspelt target in a mapping",
      "{ e2e: { requires: [{ dependency: apis }] } }",
      "suites.e2e.requires.0.dependency",
      { suggestion: "did you mean `api`?" },
    ],
    [
      "one that has no URL",
      "{ e2e: [clickhouse] }",
      "suites.e2e.0",
      {
        expected: "a configured dependency (postgres, redis, auth, websocket, api, mail)",
        found: "`clickhouse`, which has no URL",
      },
    ],
    [
      "one twice",
      "{ e2e: [redis, { dependency: redis, key: a }] }",
      "suites.e2e.1.dependency",
      { expected: "each dependency once in a suite", suggestion: expect.stringContaining("in one entry") },
    ],
    ["nothing required", "{ e2e: [] }", "suites.e2e", { expected: "a list with at least one dependency" }],
    ["nothing required by a mapping", "{ e2e: { requires: [] } }", "suites.e2e.requires", {}],
    ["no `requires`", "{ e2e: { stable: 1s } }", "suites.e2e.requires", { code: "CONFIG_MISSING_KEY" }],
    ["no value", "{ e2e: }", "suites.e2e.requires", { code: "CONFIG_MISSING_KEY" }],
    [
      "no `dependency`",
      "{ e2e: [{ level: optional }] }",
      "suites.e2e.0.dependency",
      { code: "CONFIG_MISSING_KEY" },
    ],
    [
      "text for a suite",
      "{ e2e: postgres }",
      "suites.e2e",
      { expected: "a list of what it requires, or a mapping with `requires`" },
    ],
    [
      "a number for a requirement",
      "{ e2e: [7] }",
      "suites.e2e.0",
      { expected: "the name of a dependency, or a mapping with `dependency`", found: "7" },
    ],
    ["a list for all suites", "[e2e]", "suites", {}],
    [
      "an unknown key of a suite",
      "{ e2e: { requires: [redis], stabel: 1s } }",
      "suites.e2e.stabel",
      { code: "CONFIG_UNKNOWN_KEY", suggestion: "did you mean `stable`?" },
    ],
    [
      "an unknown key of a requirement",
      "{ e2e: [{ dependency: postgres, tabl: a }] }",
      "suites.e2e.0.tabl",
      { code: "CONFIG_UNKNOWN_KEY", suggestion: "did you mean `table`?" },
    ],
    [
      "an expectation of another kind",
      "{ e2e: [{ dependency: redis, table: users }] }",
      "suites.e2e.0.table",
      {
        code: "CONFIG_UNKNOWN_KEY",
        expected: "one of `key`, for kind redis",
        suggestion: "take it out; it is for postgres and clickhouse",
      },
    ],
    [
      "an expectation of a kind that has none",
      "{ e2e: [{ dependency: websocket, json: [{ pointer: /a }] }] }",
      "suites.e2e.0.json",
      { expected: "no expectation: kind websocket has none" },
    ],
    [
      "one of HTTP for a TCP target",
      "{ e2e: [{ dependency: mail, status: [200] }] }",
      "suites.e2e.0.status",
      { expected: "one of `banner`, for kind tcp" },
    ],
    [
      "a misspelt level",
      "{ e2e: [{ dependency: redis, level: requierd }] }",
      "suites.e2e.0.level",
      { suggestion: "did you mean `required`?" },
    ],
    [
      "a misspelt assurance",
      "{ e2e: [{ dependency: auth, assurance: reel }] }",
      "suites.e2e.0.assurance",
      {},
    ],
    [
      "a window without a unit",
      "{ e2e: { requires: [redis], stable: 3 } }",
      "suites.e2e.stable",
      { suggestion: "write the unit: `3ms` or `3s`" },
    ],
    ["a window too long", "{ e2e: { requires: [redis], grace: 11m } }", "suites.e2e.grace", {}],
    ["an expected time too long", "{ e2e: { requires: [redis], expected: 25h } }", "suites.e2e.expected", {}],
    [
      "credentials without an expected time",
      "{ e2e: { requires: [redis], credentials: [{ variable: TOKEN }] } }",
      "suites.e2e.expected",
      { code: "CONFIG_MISSING_KEY", suggestion: "write `expected: 20m`" },
    ],
    [
      "a name that no variable can have",
      "{ e2e: { requires: [redis], expected: 1m, credentials: [{ variable: MY-TOKEN }] } }",
      "suites.e2e.credentials.0.variable",
      { expected: "the name of a variable: letters, digits and `_`, no digit first" },
    ],
    [
      "a table that cannot be one",
      "{ e2e: [{ dependency: postgres, table: 'a b' }] }",
      "suites.e2e.0.table",
      { expected: "`table` or `schema.table`" },
    ],
    [
      "a bad name",
      "{ E2E: [redis] }",
      "suites",
      { expected: "a name of lower-case letters, digits and `-`" },
    ],
    ["a duplicate", "{ a: [redis], a: [redis] }", "suites.a", { code: "CONFIG_DUPLICATE_KEY" }],
  ])("%s", async (_name, suites, path, rest) => {
    const faults = await faultsOf(`${TARGETS}suites: ${suites}`, ENV);
    expect(faults).toMatchObject([{ path, ...rest }]);
    expect(faults[0]?.where).toMatch(/^greenlight\.yaml:4:\d+$/);
  });

  test("does not hide those of other entries, suites and dependencies", async () => {
    const faults = await faultsOf(
      `
dependencies: { redis: { url: "mysql://h" } }
suites:
  one: [redis, clickhous, { dependency: postgres, key: a, level: no }]
  two: { requires: [{ level: optional }, { dependency: redis, kye: a }], stable: 3, credentials: [{ variable: 1a }, {}] }
  three: { credentials: [{ variable: A }] }
  Four: [nobody]
`,
      { ...ENV, REDIS_URL: "" },
    );
    expect(faults.map(({ path, where }) => `${path} ${where.slice(16)}`).toSorted()).toEqual([
      "dependencies.redis.url 2:31",
      "suites 7:9",
      "suites.Four.0 7:10",
      "suites.one.1 4:16",
      "suites.one.2.key 4:56",
      "suites.one.2.level 4:66",
      "suites.three.expected 6:10",
      "suites.three.requires 6:10",
      "suites.two.credentials.0.variable 5:111",
      "suites.two.credentials.1.variable 5:117",
      "suites.two.expected 5:8",
      "suites.two.requires.0.dependency 5:21",
      "suites.two.requires.1.kye 5:63",
      "suites.two.stable 5:82",
    ]);
  });

  test("shows nothing that came out of a variable, and no key that may be a secret", async () => {
    const text = `suites: { a: ["\${SECRET}"], Xk9canaryQz7: [redis] }`;
    const faults = await faultsOf(text, { ...ENV, SECRET: "Xk9canaryQz7" });
    expect(faults).toHaveLength(2);
    expect(JSON.stringify(faults)).not.toContain("canary");
  });
});
