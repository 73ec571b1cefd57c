import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../services/clock.ts";
import type { Dependency } from "../../../services/dependencies/dependency.ts";
import { createDependency } from "../../../services/dependencies/create.ts";
import { versionIn as redisVersionIn } from "../../../services/dependencies/redis-version.ts";
import { nameVersion, versionIn } from "../../../services/dependencies/server-version.ts";
import { climb } from "../../../services/probe/climb.ts";
import { createObserver } from "../../../services/probe/observer.ts";
import { startRedis } from "../../../src/sandbox/redis.ts";
import { createRedact } from "../../../services/redact.ts";
import { authOptions, candidateFor } from "../../support/auth.ts";
import { dependencyFor } from "../../support/diagnose.ts";
import { useDependency } from "../../support/environment.ts";

const sandbox = {
  postgres: await useDependency("postgres"),
  clickhouse: await useDependency("clickhouse"),
  redis: await useDependency("redis"),
};
const { signal } = new AbortController();
const none = createRedact([]);

/** What one observation and one climb tell of the server's version. */
async function versionsOf(dependency: Dependency): Promise<(string | undefined)[]> {
  const observer = createObserver({ dependency, clock: systemClock, onLost: () => undefined });
  const observation = await observer.observe(signal);
  observer.close();
  const ladder = await climb({ dependency, clock: systemClock, signal });
  expect([observation.status, ladder.status]).toEqual(["pass", "pass"]);
  return [observation.version, ladder.version];
}

async function serve(body: string): Promise<string> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/health" ? 200 : 404;
    response.end(request.url === "/health" ? body : "");
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server as before Redis 6, which knows no HELLO. */
async function startOld(): Promise<{ url: string; admin: Redis }> {
  const server = await startRedis({ args: ["--rename-command", "HELLO", ""] });
  const admin = new Redis(server.adminUrl(), { enableReadyCheck: false });
  onTestFinished(async () => {
    admin.disconnect();
    await server.close();
  });
  return { url: server.url(), admin };
}

describe("the version of a real server", () => {
  test.each([
    ["postgres", /^PostgreSQL \d+\.\d+/],
    ["clickhouse", /^ClickHouse \d+\.\d+/],
    ["redis", /^(Redis|Valkey) \d+\.\d+\.\d+$/],
  ] as const)("%s tells it in its first observation and in a climb", async (name, expected) => {
    const versions = await versionsOf(await dependencyFor(name, { url: sandbox[name].url() }));
    for (const version of versions) expect(version).toMatch(expected);
  });

  test("Redis without HELLO is asked with INFO, once per connection", async () => {
    const { url, admin } = await startOld();
    const dependency = await dependencyFor("redis", { url });
    const observer = createObserver({ dependency, clock: systemClock, onLost: () => undefined });
    const calls = async (): Promise<number> =>
      Number(/cmdstat_info:calls=(\d+)/.exec(await admin.info("commandstats"))?.[1] ?? 0);
    const before = await calls();
    for (let count = 0; count < 3; count++) {
      expect((await observer.observe(signal)).version).toMatch(/^(Redis|Valkey) \d/);
    }
    observer.close();
    // The look at the statistics before is counted in those after.
    expect((await calls()) - before).toBe(2);
  });

  test("Redis with neither HELLO nor a right to INFO passes, without a version", async () => {
    const { url, admin } = await startOld();
    await admin.call("ACL", "SETUSER", "app", "-info");
    const dependency = await dependencyFor("redis", { url });
    expect(await versionsOf(dependency)).toEqual([undefined, undefined]);
    const observer = createObserver({ dependency, clock: systemClock, onLost: () => undefined });
    for (let count = 0; count < 3; count++) await observer.observe(signal);
    observer.close();
    const refused = /cmdstat_info:.*rejected_calls=(\d+)/.exec(await admin.info("commandstats"))?.[1];
    // Once on each of the three connections.
    expect(Number(refused)).toBe(3);
  });
});

describe("the version in a health answer", () => {
  test.each([
    ['{"status":"pass","version":"1.4.2"}', "1.4.2"],
    ['{"status":"pass","releaseId":"7f3a2c1"}', "7f3a2c1"],
    ['{"status":"pass","version":"1","releaseId":"1.4.2"}', "1 (1.4.2)"],
    ['{"status":"pass","version":3}', "3"],
    ['{"status":"pass"}', undefined],
    ['{"status":"pass","version":{"major":1}}', undefined],
    ['{"status":"pass","version":"a\\nb"}', undefined],
    [`{"status":"pass","version":"${"9".repeat(200)}"}`, undefined],
    ["ok", undefined],
    ['["version"]', undefined],
  ])("%s tells %j, of an HTTP service and of the auth service", async (body, expected) => {
    expect(versionIn(body, none)).toBe(expected);
    const url = await serve(body);
    const http = await dependencyFor("http", { url: `${url}/health` });
    expect(await versionsOf(http)).toEqual([expected, expected]);
    if (!body.includes("status")) return;
    const { service: _service, ...candidate } = candidateFor(url, { oidc: false });
    const auth = await createDependency(authOptions([candidate]), systemClock);
    expect(await versionsOf(auth)).toEqual([expected, expected]);
  });

  test("a secret that a server repeats as its version is masked", async () => {
    const url = await serve('{"status":"pass","version":"canary-in-version"}');
    const secret = Object.assign(new URL(`${url}/health`), {
      username: "app",
      password: "canary-in-version",
    });
    const [observed, climbed] = await versionsOf(await dependencyFor("http", { url: secret.href }));
    expect([observed, climbed]).toEqual(["[redacted]", "[redacted]"]);
  });

  test("whatever a server tells is a short line of plain text or nothing", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.anything()), (told) => {
        const version = nameVersion("Redis", told, none);
        expect(version ?? "Redis 1").toMatch(/^Redis [\x20-\x7e]{1,80}$/);
        const body = JSON.stringify({ version: told, releaseId: told }) ?? "";
        expect(versionIn(body, none) ?? "1").toMatch(/^[\x20-\x7e]+$/);
      }),
    );
  });
});

test("HELLO of a Valkey server names Valkey", () => {
  expect(redisVersionIn(["server", "valkey", "version", "8.1.0", "proto", 2])).toEqual({
    product: "Valkey",
    version: "8.1.0",
  });
  expect(redisVersionIn(new Error("unknown command"))).toBeUndefined();
});
