import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { NO_FLAGS } from "../../services/policy/read-flags.ts";
import type { Config, ConfigFault } from "../../src/config/config.ts";
import { readConfigFile } from "../../src/config/file.ts";
import { formatFaults } from "../../src/config/format.ts";
import { loadConfig } from "../../src/config/load.ts";
import { DEFAULT_RULES } from "../../services/context/kinds.ts";

const file = (text: string) => ({ path: "greenlight.yaml", text });

async function load(env: Record<string, string>, text?: string) {
  const result = await loadConfig({ env, ...(text !== undefined && { file: file(text) }) });
  if (!result.ok) throw new Error(formatFaults(result.faults));
  return result;
}

async function faultsOf(env: Record<string, string>, text?: string): Promise<readonly ConfigFault[]> {
  const result = await loadConfig({ env, ...(text !== undefined && { file: file(text) }) });
  return result.ok ? [] : result.faults;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "greenlight-config-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const NO_LABELS = { production: [], staging: [], development: [], test: [], ci: [] };

const DEFAULTS: Config = {
  environment: "unknown",
  context: { ...DEFAULT_RULES, labels: NO_LABELS, declares: {} },
  listen: { host: "127.0.0.1", port: 8080 },
  access: { mode: "none" },
  logLevel: "info",
  probe: {
    maxAgeMs: 5000,
    breaker: { failures: 5, successes: 2, resetMs: 30_000, operationMs: 10_000 },
    thresholds: { fail: 1, pass: 1 },
  },
  dependencies: [],
  groups: {},
  suites: [],
  suiteDependencies: [],
  drift: {
    baseline: { shown: "greenlight.baseline.json", path: "greenlight.baseline.json" },
    sources: [],
    ignore: [],
    everyMs: 60_000,
  },
  envFiles: {
    layers: [
      { path: ".env", dialect: "dotenv", required: false },
      { path: ".env.local", dialect: "dotenv", required: false },
    ],
    declared: false,
    directory: ".",
    sources: [],
  },
  gcp: { dependencies: new Map(), network: "default", subnet: "default", connector: {}, endpoints: {} },
  remediation: { autoApply: [], attempts: 3, applyTimeoutMs: 1_200_000 },
  policy: {
    environment: "unknown",
    production: false,
    policy: undefined,
    flags: NO_FLAGS,
    configured: [],
    strict: undefined,
    hasBaseline: false,
  },
  strictness: {},
  waivers: [],
  store: { kind: "sqlite", path: ".greenlight/greenlight.db" },
};

const DEPENDENCY_DEFAULTS = {
  required: true,
  writable: true,
  intervalMs: 1000,
  deadlines: { resolveMs: 500, connectMs: 1000, queryMs: 450, totalMs: 3000 },
  tls: { mode: "off" },
};

describe("loadConfig", () => {
  test("nothing given: the defaults, and a warning that nothing is checked", async () => {
    const { config, warnings } = await load({ XDG_STATE_HOME: "/state" });
    expect(config).toEqual({
      ...DEFAULTS,
      store: { kind: "sqlite", path: "/state/greenlight/greenlight.db" },
    });
    expect(warnings.map((warning) => warning.path)).toEqual(["dependencies"]);
  });

  test.each(["", "# nothing but a comment", "---", "dependencies:\nprobe:\n"])(
    "a file that says nothing is the defaults: %j",
    async (text) => {
      expect((await load({}, text)).config).toEqual(DEFAULTS);
    },
  );

  test("the three URLs of the environment, in fixed order", async () => {
    const { config, warnings } = await load({
      REDIS_URL: "redis://r",
      CLICKHOUSE_URL: "http://c:8123",
      DATABASE_URL: "postgres://u:p@p/db",
    });
    expect(config.dependencies).toEqual([
      { kind: "postgres", name: "postgres", url: "postgres://u:p@p/db", ...DEPENDENCY_DEFAULTS, assert: [] },
      { kind: "clickhouse", name: "clickhouse", url: "http://c:8123", ...DEPENDENCY_DEFAULTS, assert: [] },
      { kind: "redis", name: "redis", url: "redis://r", ...DEPENDENCY_DEFAULTS },
    ]);
    expect(config.groups).toEqual({ database: ["postgres", "clickhouse", "redis"] });
    expect(warnings).toEqual([]);
  });

  test("everything a file can say", async () => {
    const { config } = await load(
      { PG: "postgres://u:p@p/db", R: "redis://r" },
      `
environment: staging
listen: { host: "::1", port: 0 }
logLevel: silent
probe: { interval: 2s, maxAge: 10s, deadlines: { query: 100ms }, breaker: { failures: 1, reset: 1m }, thresholds: { fail: 3 } }
dependencies:
  postgres:
    url: \${PG}
    required: false
    writable: false
    warnAbove: 50ms
    deadlines: { total: 1s }
    tls: { mode: verify-full, servername: "project:instance" }
    table: public.users
    migration: { version: "2024112101" }
    assert: [{ query: select 1, params: [true, null, 3, a], equals: 1 }, { query: select null, equals: null }]
  redis: { url: "\${R}", interval: 500ms, key: { name: "seed:done", equals: "1" } }
groups: { cache: [redis] }
`,
    );
    expect(config).toMatchObject({
      environment: "staging",
      listen: { host: "::1", port: 0 },
      logLevel: "silent",
      probe: {
        maxAgeMs: 10_000,
        breaker: { failures: 1, successes: 2, resetMs: 60_000 },
        thresholds: { fail: 3 },
      },
      groups: { database: ["postgres", "redis"], cache: ["redis"] },
    });
    expect(config.dependencies).toEqual([
      {
        kind: "postgres",
        name: "postgres",
        url: "postgres://u:p@p/db",
        required: false,
        writable: false,
        intervalMs: 2000,
        warnAboveMs: 50,
        deadlines: { resolveMs: 500, connectMs: 1000, queryMs: 100, totalMs: 1000 },
        tls: { mode: "verify-full", servername: "project:instance" },
        table: "public.users",
        migration: { table: "schema_migrations", column: "version", version: "2024112101" },
        assert: [
          { query: "select 1", params: [true, null, 3, "a"], equals: 1 },
          { query: "select null", equals: null },
        ],
      },
      {
        kind: "redis",
        name: "redis",
        url: "redis://r",
        ...DEPENDENCY_DEFAULTS,
        intervalMs: 500,
        deadlines: { ...DEPENDENCY_DEFAULTS.deadlines, queryMs: 100 },
        key: { name: "seed:done", equals: "1" },
      },
    ]);
  });

  test("a redis key may be its bare name", async () => {
    const { config } = await load({ REDIS_URL: "redis://r", GREENLIGHT_REDIS_KEY: "seed:done" });
    expect(config.dependencies[0]).toMatchObject({ key: { name: "seed:done" } });
  });

  test("a variable wins over the file, and sources say so", async () => {
    const { config, sources } = await load(
      { PORT: "9000", GREENLIGHT_PROBE_INTERVAL: "3s", DATABASE_URL: "postgres://u:p@real/db" },
      "listen:\n  port: 1\nprobe: { interval: 1s }\nlogLevel: debug\ndependencies:\n  postgres:\n    url: ${NOT_SET}\n",
    );
    expect(config.listen.port).toBe(9000);
    expect(config.dependencies[0]).toMatchObject({ url: "postgres://u:p@real/db", intervalMs: 3000 });
    expect(sources).toMatchObject({
      "listen.port": { kind: "variable", name: "PORT" },
      "listen.host": { kind: "default" },
      logLevel: { kind: "file", where: "greenlight.yaml:4:11" },
      "dependencies.postgres.url": { kind: "variable", name: "DATABASE_URL" },
    });
    expect(Object.keys(sources).filter((key) => key.startsWith("dependencies.redis"))).toEqual([]);
  });

  test("numbers and booleans may come out of variables", async () => {
    const { config } = await load(
      { P: "1234", Q: "false", REDIS_URL: "redis://r" },
      'listen:\n  port: ${P}\ndependencies: { redis: { required: "${Q:-true}" } }',
    );
    expect(config.listen.port).toBe(1234);
    expect(config.dependencies[0]?.required).toBe(false);
  });

  test("anchors and aliases are read", async () => {
    const { config } = await load(
      { DATABASE_URL: "postgres://p/d", REDIS_URL: "redis://r" },
      "dependencies: { postgres: { deadlines: &d { query: 77ms } }, redis: { deadlines: *d } }",
    );
    expect(config.dependencies.map((dependency) => dependency.deadlines.queryMs)).toEqual([77, 77]);
  });

  test("a certificate is read relative to the file", async () => {
    const folder = await temporaryFolder();
    const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    await writeFile(join(folder, "ca.pem"), pem);
    const text = "dependencies: { postgres: { tls: { ca: ./ca.pem } } }";
    const env = { DATABASE_URL: "postgres://p/d" };
    const result = await loadConfig({ env, file: { path: join(folder, "greenlight.yaml"), text } });
    expect(result).toMatchObject({ config: { dependencies: [{ tls: { mode: "verify-full", ca: pem } }] } });
    const missing = await loadConfig({ env, file: { path: "/nowhere/greenlight.yaml", text } });
    expect(missing).toMatchObject({
      faults: [
        { code: "CONFIG_FILE_UNREADABLE", path: "dependencies.postgres.tls.ca", found: "no such file" },
      ],
    });
  });

  test("times that do not fit together give warnings", async () => {
    const { warnings } = await load(
      { DATABASE_URL: "postgres://p/d" },
      "probe: { interval: 10s, maxAge: 1s, deadlines: { total: 20s } }\ndependencies: { postgres: { warnAbove: 1s } }",
    );
    const paths = warnings.map((warning) => warning.path);
    expect(paths).toContain("probe.interval");
    expect(paths).toContain("probe.deadlines.total");
    expect(paths).toContain("dependencies.postgres.warnAbove");
  });
});

test("without a file, the YAML library is not loaded", async () => {
  const names = await readdir("src/config");
  const texts = await Promise.all(names.map((name) => readFile(join("src/config", name), "utf8")));
  expect(texts.filter((text) => /^import (?!type).* from "(yaml|ajv)"/m.test(text))).toEqual([]);
});

describe("access mode none", () => {
  test.each(["127.0.0.1", "127.9.9.9", "::1", "localhost"])("serves %s", async (host) => {
    expect((await load({ HOST: host })).config.listen.host).toBe(host);
  });

  test.each(["0.0.0.0", "::", "10.0.0.1", "example.com", "127.0.0.1.example.com", "::ffff:10.0.0.1"])(
    "refuses %s",
    async (host) => {
      expect(await faultsOf({ HOST: host })).toMatchObject([{ code: "CONFIG_ACCESS", where: "HOST" }]);
    },
  );

  test("refuses Cloud Run, where the default is every address", async () => {
    expect(await faultsOf({ K_SERVICE: "greenlight" })).toMatchObject([
      { code: "CONFIG_ACCESS", where: "K_SERVICE" },
    ]);
  });
});

describe("readConfigFile", () => {
  test("no file where none was named is fine", async () => {
    expect(await readConfigFile({ env: {}, cwd: await temporaryFolder() })).toEqual({ ok: true });
  });

  test("finds greenlight.yaml, and the file that was named", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "greenlight.yaml"), "logLevel: debug");
    await writeFile(join(cwd, "other.yaml"), "logLevel: warn");
    const found = await readConfigFile({ env: {}, cwd });
    expect(found).toEqual({
      ok: true,
      file: { path: "greenlight.yaml", text: "logLevel: debug", directory: cwd },
    });
    const env = { GREENLIGHT_CONFIG: "other.yaml" };
    expect(await readConfigFile({ env, cwd })).toMatchObject({ file: { text: "logLevel: warn" } });
    const path = "greenlight.yaml";
    expect(await readConfigFile({ env, cwd, path })).toMatchObject({ file: { text: "logLevel: debug" } });
  });

  test("a named file that is missing or a folder is a fault", async () => {
    const cwd = await temporaryFolder();
    const missing = await readConfigFile({ env: {}, cwd, path: "missing.yaml" });
    expect(missing).toMatchObject({ ok: false, faults: [{ where: "missing.yaml" }] });
    const folder = await readConfigFile({ env: { GREENLIGHT_CONFIG: "." }, cwd });
    expect(folder).toMatchObject({ ok: false, faults: [{ where: "GREENLIGHT_CONFIG" }] });
  });
});
