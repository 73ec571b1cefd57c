import { describe, expect, test } from "vitest";
import { formatFaults } from "../../src/config/format.ts";
import { loadConfig } from "../../src/config/load.ts";
import { childEnvironment } from "../../src/gate/child-environment.ts";

async function faultsOf(text: string, env: Record<string, string> = {}) {
  const result = await loadConfig({ env, file: { path: "greenlight.yaml", text } });
  return result.ok ? [] : result.faults;
}

describe("faults of a file", () => {
  test.each([
    ["an unknown key", "enviroment: x", "CONFIG_UNKNOWN_KEY", "1:1", "did you mean `environment`?"],
    [
      "an unknown key inside",
      "probe:\n  intervall: 1s",
      "CONFIG_UNKNOWN_KEY",
      "2:3",
      "did you mean `interval`?",
    ],
    [
      "an unknown dependency",
      "dependencies:\n  postgre: {}",
      "CONFIG_UNKNOWN_KEY",
      "2:3",
      "did you mean `postgres`?",
    ],
    ["a duplicate key", "logLevel: info\nlogLevel: warn", "CONFIG_DUPLICATE_KEY", "2:1", undefined],
    [
      "a bare number as duration",
      "probe: { maxAge: 30 }",
      "CONFIG_INVALID_VALUE",
      "1:18",
      "write the unit: `30ms` or `30s`",
    ],
    [
      "a quoted number as duration",
      "probe: { maxAge: '30' }",
      "CONFIG_INVALID_VALUE",
      "1:18",
      "write the unit: `30ms` or `30s`",
    ],
    ["an interval too short", "probe: { interval: 99ms }", "CONFIG_INVALID_VALUE", "1:20", undefined],
    ["a near miss of a level", "logLevel: inf", "CONFIG_INVALID_VALUE", "1:11", "did you mean `info`?"],
    ["text for a number", "listen: { port: http }", "CONFIG_INVALID_VALUE", "1:17", undefined],
    ["a port out of range", "listen: { port: 65536 }", "CONFIG_INVALID_VALUE", "1:17", undefined],
    ["a number for text", "environment: 7", "CONFIG_INVALID_VALUE", "1:14", "put it in quotes"],
    ["a list for a mapping", "probe: []", "CONFIG_INVALID_VALUE", "1:8", undefined],
    ["a list for the file", "- a", "CONFIG_INVALID_VALUE", "1:1", undefined],
    ["a key with no value", "environment:", "CONFIG_INVALID_VALUE", "1:13", undefined],
    [
      "a malformed interpolation",
      "environment: a${b",
      "CONFIG_INVALID_VALUE",
      "1:14",
      "write `$${` for a literal `${`",
    ],
    [
      "an unknown member of a group",
      "groups: { a: [redi] }",
      "CONFIG_INVALID_VALUE",
      "1:15",
      "did you mean `redis`?",
    ],
    ["a member with no URL", "groups: { a: [redis] }", "CONFIG_INVALID_VALUE", "1:15", undefined],
    ["an empty group", "groups: { a: [] }", "CONFIG_INVALID_VALUE", "1:14", undefined],
    ["a group with a taken name", "groups: { live: [postgres] }", "CONFIG_INVALID_VALUE", "1:17", undefined],
    [
      "a query deadline over the total",
      "probe: { deadlines: { query: 4s } }",
      "CONFIG_INVALID_VALUE",
      "1:30",
      undefined,
    ],
    ["a YAML syntax error", "probe: {", "CONFIG_SYNTAX", "1:9", undefined],
    ["two documents", "probe: {}\n---\nprobe: {}", "CONFIG_SYNTAX", "2:1", undefined],
    ["a cycle", "probe: &a { deadlines: *a }", "CONFIG_UNKNOWN_KEY", "1:13", undefined],
  ])("%s", async (_name, text, code, place, suggestion) => {
    const faults = await faultsOf(text, { DATABASE_URL: "postgres://p/d" });
    const where = `greenlight.yaml:${place}`;
    expect(faults).toContainEqual(
      expect.objectContaining({ code, where, ...(suggestion && { suggestion }) }),
    );
  });

  test("a dependency with no URL is a fault, not unchecked", async () => {
    expect(await faultsOf("dependencies: { redis: { required: true } }")).toMatchObject([
      { code: "CONFIG_MISSING_KEY", path: "dependencies.redis.url", where: "greenlight.yaml:1:24" },
    ]);
    expect(await faultsOf("dependencies: { redis: }")).toMatchObject([{ code: "CONFIG_MISSING_KEY" }]);
  });

  test("an unset variable is named with its place, also for an optional dependency", async () => {
    const faults = await faultsOf("dependencies:\n  redis:\n    required: false\n    url: ${CACHE_URL}");
    expect(faults).toMatchObject([
      { code: "CONFIG_MISSING_VARIABLE", where: "greenlight.yaml:4:10", found: "CACHE_URL unset" },
    ]);
  });

  test("an unknown GREENLIGHT_ variable is a fault; those of the command line are not", async () => {
    const env = { GREENLIGHT_PROBE_INTERVALL: "1s", GREENLIGHT_URL: "x", GREENLIGHT_TOKEN: "y", OTHER: "z" };
    expect(await faultsOf("", env)).toMatchObject([
      { where: "GREENLIGHT_PROBE_INTERVALL", suggestion: "did you mean GREENLIGHT_PROBE_INTERVAL?" },
    ]);
  });

  test("what `greenlight run` sets for its command is no fault of a Greenlight below it", async () => {
    const injected = { runId: "r", passToken: true, injected: { GREENLIGHT_PYTEST: "/tmp/x" } };
    const env = childEnvironment({ GREENLIGHT_RELEASE: "1" }, { suite: "e2e", verdict: "go", ...injected });
    const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
    expect(given.length).toBeGreaterThan(3);
    expect(await faultsOf("", Object.fromEntries(given))).toEqual([]);
  });

  test.each([
    "postgres://u:hunter2@h/d",
    "${DATABASE_URL:-postgres://u:hunter2@h/d}",
    "postgres://u:${PASSWORD:-hunter2}@h/d",
    "postgres://u@h/d?password=hunter2",
    "redis://:hun/ter2@h",
  ])("a password in the file is refused: %s", async (url) => {
    const env = { DATABASE_URL: "postgres://h/d", PASSWORD: "x" };
    const faults = await faultsOf(`dependencies: { postgres: { url: "${url}" } }`, env);
    expect(faults).toMatchObject([{ code: "CONFIG_SECRET_IN_FILE" }]);
    expect(formatFaults(faults)).not.toContain("ter2");
  });

  test.each(["postgres://u:${PASSWORD}@h/d", "postgres://u@h/d", "${DB_URL}"])(
    "a URL whose password is a variable is not: %s",
    async (url) => {
      const env = { PASSWORD: "x", DB_URL: "postgres://u:x@h/d" };
      expect(await faultsOf(`dependencies: { postgres: { url: "${url}" } }`, env)).toEqual([]);
    },
  );

  test("a variable without quotes in a flow mapping is explained, once", async () => {
    expect(await faultsOf("dependencies:\n  redis: { url: ${REDIS_URL}, required: false }")).toMatchObject([
      { code: "CONFIG_SYNTAX", suggestion: expect.stringContaining("in quotes") },
    ]);
  });

  test.each([
    "listen: { host: '${SECRET}' }",
    "groups: { a: ['${SECRET}'] }",
    "logLevel: ${SECRET}",
    "probe: { interval: '${SECRET}' }",
  ])("what came out of a variable is not shown: %s", async (text) => {
    const faults = await faultsOf(text, { SECRET: "hunter2" });
    expect(faults).toMatchObject([{ found: "text of 7 characters (not shown)" }]);
    expect(JSON.stringify(faults)).not.toContain("hunter2");
  });

  test("faults of every kind are reported together", async () => {
    const text = `
enviroment: x
probe: { interval: 10 }
dependencies:
  postgres: { url: "\${UNSET_URL}", migration: { table: a } }
  clickhouse: { url: "mysql://h" }
groups: { live: [clickhouse] }
`;
    const faults = await faultsOf(text, { HOST: "0.0.0.0", GREENLIGHT_NOPE: "1" });
    expect(faults.map((fault) => fault.code)).toEqual([
      "CONFIG_UNKNOWN_KEY",
      "CONFIG_MISSING_VARIABLE",
      "CONFIG_UNKNOWN_VARIABLE",
      "CONFIG_INVALID_VALUE",
      "CONFIG_MISSING_KEY",
      "CONFIG_INVALID_URL",
      "CONFIG_INVALID_VALUE",
      "CONFIG_ACCESS",
    ]);
  });

  test("formatFaults says the verdict first, then each fault with its number", async () => {
    expect(formatFaults(await faultsOf("enviroment: x\nlogLevel: 1"))).toMatchInlineSnapshot(`
      "The configuration has 2 faults; nothing was started.

      1. greenlight.yaml:1:1 (enviroment) CONFIG_UNKNOWN_KEY
         expected: one of \`environment\`, \`context\`, \`listen\`, \`access\`, \`strict\`, \`policies\`, \`waivers\`, \`logLevel\`, \`probe\`, \`dependencies\`, \`groups\`, \`suites\`, \`drift\`, \`envFiles\`, \`gcp\`, \`store\`, \`remediation\`
         found:    \`enviroment\`
         try:      did you mean \`environment\`?

      2. greenlight.yaml:2:11 (logLevel) CONFIG_INVALID_VALUE
         expected: one of \`debug\`, \`info\`, \`warn\`, \`error\`, \`silent\`
         found:    1"
    `);
  });
});

test("a password that a broken line has made a key is not shown", async () => {
  const text = "dependencies:\n  postgres:\n    url: postgres://\nXk9canaryQz7:\n";
  const result = await loadConfig({ env: {}, file: { path: "greenlight.yaml", text } });
  expect(JSON.stringify(result)).not.toContain("Xk9canaryQz7");
  expect(result).toMatchObject({
    faults: expect.arrayContaining([expect.objectContaining({ where: "greenlight.yaml:4:1" })]),
  });
});
