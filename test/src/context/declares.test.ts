import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@clickhouse/client";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Declaration } from "../../../services/context/evidence.ts";
import { detectContext } from "../../../src/context/detect-context.ts";
import { gatherInputs } from "../../../src/context/gather.ts";
import { createContextSource } from "../../../src/context/source.ts";
import { configOf } from "../../config/load.ts";
import { useEnvironment } from "../../support/environment.ts";
import { startHttp } from "../../support/listeners.ts";

const sandbox = await useEnvironment({
  postgres: { password: "canary-pg-31" },
  redis: { password: "canary-rd-31" },
});
const of = (name: "postgres" | "clickhouse" | "redis") => {
  const found = sandbox.dependencies.get(name);
  if (found === undefined) throw new Error(name);
  return found;
};
const env = {
  DATABASE_URL: of("postgres").url(),
  CLICKHOUSE_URL: of("clickhouse").url(),
  REDIS_URL: of("redis").url(),
};
const redis = new Redis(of("redis").server.adminUrl());
const clickhouse = createClient({ url: of("clickhouse").server.adminUrl() });
afterAll(async () => {
  redis.disconnect();
  await clickhouse.close();
});
afterEach(async () => {
  await Promise.all([...sandbox.dependencies.values()].map((each) => each.setMode("none")));
});

async function inPostgres(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: of("postgres").server.adminUrl({ database: "app" }) });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

const { signal } = new AbortController();

/** What the dependencies of a configuration answer. */
async function ask(text: string, variables: Readonly<Record<string, string>> = env) {
  const { config } = await configOf(text, variables);
  const { declared } = await gatherInputs({ config, env: variables, probe: true, signal });
  return declared;
}
const one = async (...given: Parameters<typeof ask>): Promise<Declaration | undefined> =>
  (await ask(...given))[0];

describe("a server declares its environment", () => {
  test("Postgres by a row, ClickHouse by a value, Redis by a key, all asked at once", async () => {
    await inPostgres(
      "CREATE TABLE IF NOT EXISTS deployment (environment text)",
      "TRUNCATE deployment",
      "INSERT INTO deployment VALUES ('staging')",
      "GRANT SELECT ON deployment TO PUBLIC",
    );
    await redis.set("environment", " staging\n");
    const text = `dependencies:
  postgres: { declares: SELECT environment FROM deployment }
  clickhouse: { declares: "SELECT concat('sta', 'ging')" }
  redis: { declares: environment }`;
    expect(await ask(text)).toEqual([
      { dependency: "postgres", kind: "told", text: "staging" },
      { dependency: "clickhouse", kind: "told", text: "staging" },
      { dependency: "redis", kind: "told", text: "staging" },
    ]);
  });

  test("and outranks what the configuration and all hints say, but not the flag, which it contradicts", async () => {
    await redis.set("environment", "production");
    const { config } = await configOf(
      "environment: staging\ndependencies: { redis: { declares: environment } }",
      env,
    );
    const variables = { ...env, APP_ENV: "staging" };
    const asked = await detectContext({ config, env: variables, probe: true, signal });
    expect(asked).toMatchObject({ environment: "production", decidedBy: "redis", mayWrite: false });
    const flagged = await detectContext({ config, env: variables, flag: "staging", probe: true, signal });
    expect(flagged).toMatchObject({ environment: "staging", decidedBy: "--env", mayWrite: false });
    expect(flagged.contradictions.map(({ code, other }) => [code, other.source])).toEqual([
      ["CONTEXT_DECLARED_MISMATCH", "redis"],
    ]);
  });

  test("only when it is asked for; until then nothing may be written", async () => {
    const { config } = await configOf(
      "environment: test\ndependencies: { redis: { declares: environment } }",
      env,
    );
    const detection = await detectContext({ config, env, probe: false, signal });
    expect(detection).toMatchObject({
      environment: "test",
      unasked: ["redis"],
      mayWrite: false,
      vetoes: ["not asked, although able to declare the environment: redis"],
    });
  });
});

describe("a server that does not say", () => {
  const missing = { kind: "missing", message: "what `declares` names is not there, or is empty" };

  test("has no row, a null, an empty text or no key", async () => {
    await redis.del("environment");
    for (const query of ["SELECT 'x' WHERE false", "SELECT NULL", "SELECT '  '"]) {
      const text = `dependencies: { postgres: { declares: "${query}" } }`;
      expect(await one(text)).toEqual({ dependency: "postgres", ...missing });
    }
    const none = `dependencies: { clickhouse: { declares: "SELECT 'x' WHERE 0" } }`;
    expect(await one(none)).toEqual({ dependency: "clickhouse", ...missing });
    expect(await one("dependencies: { redis: { declares: environment } }")).toEqual({
      dependency: "redis",
      ...missing,
    });
  });

  test("has no such table, or a key of another type: that is unreadable, and says why without the password", async () => {
    await redis.del("list");
    await redis.lpush("list", "staging");
    const text = `dependencies:
  postgres: { declares: SELECT environment FROM nowhere }
  clickhouse: { declares: SELECT environment FROM nowhere }
  redis: { declares: list }`;
    const answers = await ask(text);
    expect(answers.map(({ kind }) => kind)).toEqual(["unreadable", "unreadable", "unreadable"]);
    expect(JSON.stringify(answers)).toContain("nowhere");
    expect(JSON.stringify(answers)).not.toMatch(/canary/);
  });

  test.each(["refuse", "blackhole"])(
    "is not reached (%s): it is given up in time, and told",
    async (mode) => {
      await of("redis").setMode(mode);
      const started = performance.now();
      const answer = await one("dependencies: { redis: { declares: environment } }");
      expect(answer).toMatchObject({ dependency: "redis", kind: "unreadable" });
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );

  test("cannot be made to change anything by its statement", async () => {
    await inPostgres("CREATE TABLE IF NOT EXISTS untouched (n int)", "GRANT ALL ON untouched TO PUBLIC");
    const text = `dependencies: { postgres: { declares: "INSERT INTO untouched VALUES (1) RETURNING 'staging'" } }`;
    expect(await one(text)).toMatchObject({ kind: "unreadable" });
    const written = `dependencies: { clickhouse: { declares: "CREATE TABLE app.untouched (n Int8) ENGINE = Memory" } }`;
    expect(await one(written)).toMatchObject({ kind: "unreadable" });
  });
});

const serve = async (body: string, status = 200) => {
  const { port } = await startHttp((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  return `http://127.0.0.1:${port}`;
};

const atRoot = (base: string) =>
  one(`dependencies: { http: [{ name: api, url: "${base}", declares: /environment }] }`, {});

describe("a service declares its environment", () => {
  test("by a member of its JSON; anything but a text is none", async () => {
    const base = await serve('{"about":{"environment":"staging"},"n":1}');
    const of = (pointer: string) =>
      one(`dependencies: { http: [{ name: api, url: "${base}/health", declares: ${pointer} }] }`, {});
    expect(await of("/about/environment")).toEqual({ dependency: "api", kind: "told", text: "staging" });
    expect(await of("/about")).toMatchObject({ kind: "missing" });
    expect(await of("/n")).toMatchObject({ kind: "missing" });
    expect(await of("/nothing")).toMatchObject({ kind: "missing" });
  });

  test("that answers no JSON, or leads elsewhere, is unreadable", async () => {
    expect(await atRoot(await serve("<html>"))).toMatchObject({
      kind: "unreadable",
      message: /^JSON_MISMATCH: /,
    });
    expect(await atRoot(await serve('{"environment":"test"}', 500))).toMatchObject({
      message: expect.stringMatching(/^HTTP_STATUS: /),
    });
  });

  test("of authentication by its status, the first real one that answers, also while it reports that it is down", async () => {
    const down = await serve('{"status":"fail","environment":"test"}', 503);
    const file = (kind: string) => `dependencies:
  auth:
    declares: /environment
    candidates:
      - { name: gone, kind: real, url: "http://127.0.0.1:1", oidc: false, service: auth }
      - { name: local, kind: ${kind}, url: "${down}", oidc: false, service: auth }`;
    expect(await one(file("real"), {})).toEqual({ dependency: "auth", kind: "told", text: "test" });
    expect(await one(file("mock"), {})).toMatchObject({
      kind: "unreadable",
      message: /^gone: CONNECT_REFUSED/,
    });
  });
});

test("the source of findings asks each time, and tells what a server declares", async () => {
  await redis.set("environment", "staging");
  const { config } = await configOf(
    "environment: test\ndependencies: { redis: { declares: environment } }",
    env,
  );
  const source = createContextSource({ config, env, cwd: undefined });
  const codes = async () => (await source.collect(signal)).map(({ id }) => id);
  expect(await codes()).toEqual(["CONTEXT_DECLARED_MISMATCH:environment"]);
  await redis.set("environment", "test");
  expect(await codes()).toEqual([]);
  await redis.set("environment", "blue");
  expect(await codes()).toEqual(["CONTEXT_DECLARATION_UNKNOWN:redis"]);
  await redis.del("environment");
  expect(await codes()).toEqual(["CONTEXT_DECLARATION_MISSING:redis"]);
  await of("redis").setMode("refuse");
  expect(await codes()).toEqual(["CONTEXT_DECLARATION_UNREADABLE:redis"]);
});

test("an aborted question ends with the reason of the signal", async () => {
  const { config } = await configOf("dependencies: { redis: { declares: environment } }", env);
  const reason = new Error("enough");
  await expect(gatherInputs({ config, env, probe: true, signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
});

describe("gathering", () => {
  const folder = mkdtempSync(join(tmpdir(), "greenlight-context-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("takes hosts and databases of URLs, and nothing of their credentials", async () => {
    const variables = {
      DATABASE_URL:
        "postgres://canary-u:canary-p@db.staging.acme.internal:6432/app_staging?application_name=canary-q",
      CLICKHOUSE_URL: "http://canary-u:canary-p@[::1]:8123/canary%2Fcut?database=canary",
      REDIS_URL: "redis://canary-u:canary-p@cache/3",
      AUTH_URL: "https://auth.example.com/canary-path",
    };
    const { config } = await configOf("", variables);
    const { urls } = await gatherInputs({ config, env: {}, probe: false, signal });
    expect(urls.filter(({ dependency }) => dependency !== "clickhouse")).toEqual([
      { dependency: "postgres", part: "host", text: "db.staging.acme.internal" },
      { dependency: "postgres", part: "database", text: "app_staging" },
      { dependency: "redis", part: "host", text: "cache" },
      { dependency: "auth.configured", part: "host", text: "auth.example.com" },
    ]);
    expect(urls.find(({ dependency }) => dependency === "clickhouse")).toEqual({
      dependency: "clickhouse",
      part: "host",
      text: "::1",
    });
  });

  test("takes the folder of a Cloud SQL socket, whose project speaks for itself", async () => {
    const variables = {
      DATABASE_URL: "postgres://u@localhost/app?host=/cloudsql/acme-stg-7:europe-west1:main",
    };
    const { config } = await configOf("", variables);
    const detection = await detectContext({ config, env: {}, probe: false, signal });
    expect(detection).toMatchObject({ environment: "staging", decidedBy: "postgres.project" });
  });

  test("reads the namespace where Kubernetes tells it, and the names of files; a folder that is not there has none", async () => {
    const namespaceFile = join(folder, "namespace");
    writeFileSync(namespaceFile, "staging\n");
    writeFileSync(join(folder, ".env.staging"), "SECRET=canary");
    const { config } = await configOf("", {});
    const gather = (env: Readonly<Record<string, string>>, cwd: string) =>
      gatherInputs({ config, env, cwd, namespaceFile, probe: false, signal });
    expect(await gather({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }, folder)).toMatchObject({
      namespace: "staging",
      files: expect.arrayContaining([".env.staging", "namespace"]),
    });
    expect(await gather({}, join(folder, "nowhere"))).toEqual({
      declared: [],
      unasked: [],
      variables: {},
      urls: [],
      files: [],
    });
  });

  test("leaves the variables and the folder as they were", async () => {
    const own = Object.freeze({ ...env, APP_ENV: "staging" });
    const { config } = await configOf("", own);
    const detection = await detectContext({ config, env: own, cwd: folder, probe: true, signal });
    expect(detection.environment).toBe("staging");
    expect(own).toEqual({ ...env, APP_ENV: "staging" });
  });
});
