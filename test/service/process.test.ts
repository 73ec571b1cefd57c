import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { useEnvironment } from "../support/environment.ts";
import { eventually, isPendingAfter } from "../support/wait.ts";
import { ask } from "./ask.ts";
import { openEvents } from "./event-stream.ts";
import { type Spawned, spawnReady, spawnServer } from "./spawned.ts";
import { found } from "./found.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const postgres = environment.dependencies.get("postgres") as NonNullable<
  ReturnType<typeof environment.dependencies.get>
>;
const redis = environment.dependencies.get("redis") as NonNullable<
  ReturnType<typeof environment.dependencies.get>
>;
const env = { DATABASE_URL: postgres.url(), REDIS_URL: redis.url() };
const preload = fileURLToPath(new URL("throw-later.ts", import.meta.url));

/** Cloud Run kills ten seconds after SIGTERM. */
const LIMIT_MS = 10_000;

async function expectOrderlyEnd(server: Spawned): Promise<void> {
  const { end, ms } = await server.ended();
  expect({ end, stderr: server.stderr() }, server.stdout()).toEqual({ end: 0, stderr: "" });
  expect(ms).toBeLessThan(LIMIT_MS);
  await eventually(() => expect(postgres.proxy.connections() + redis.proxy.connections()).toBe(0));
}

describe("SIGTERM", () => {
  test("readiness is 503 first while health still answers, then it exits with 0 and leaves no connection", async () => {
    const server = await spawnReady({ env }, "pass");
    server.child.kill("SIGTERM");
    const ready = await found(
      async () => {
        const answer = await ask(`${server.url}/health/ready`);
        return answer.status === 503 ? answer : false;
      },
      { intervalMs: 5 },
    );
    expect(ready.body).toMatchObject({ status: "fail", phase: "draining" });
    expect((await ask(`${server.url}/health`)).status).toBe(200);
    expect((await ask(`${server.url}/health/live`)).status).toBe(200);
    await expectOrderlyEnd(server);
    expect(server.lines().map(({ message }) => message)).toEqual(
      expect.arrayContaining(["draining", "stopped"]),
    );
  });

  test("with streams, kept-alive connections and requests under way it ends them and exits with 0", async () => {
    const server = await spawnReady({ env }, "pass");
    const streams = await Promise.all([
      openEvents(`${server.url}/events`),
      openEvents(`${server.url}/events`),
    ]);
    await ask(`${server.url}/openapi.json`);
    const requests = Array.from({ length: 20 }, () =>
      ask(`${server.url}/health`).then(({ status }) => status),
    );
    server.child.kill("SIGTERM");
    expect(new Set(await Promise.all(requests))).toEqual(new Set([200]));
    await expectOrderlyEnd(server);
    await Promise.all(streams.map(({ ended }) => ended));
    expect(
      streams.every(({ response }) => response.complete),
      "streams end, they are not cut",
    ).toBe(true);
  });

  test("with a connection that never sends a request, and one that stops in the middle of one, it exits with 0", async () => {
    const server = await spawnReady({ env }, "pass");
    const silent = connect({ port: server.port, host: "127.0.0.1" });
    const half = connect({ port: server.port, host: "127.0.0.1" });
    for (const socket of [silent, half]) socket.on("error", () => undefined);
    await Promise.all([once(silent, "connect"), once(half, "connect")]);
    half.write("GET /health HTTP/1.1\r\nhost: x\r\n");
    await ask(`${server.url}/health`);
    server.child.kill("SIGTERM");
    await expectOrderlyEnd(server);
    for (const socket of [silent, half]) socket.destroy();
  });

  test("with a frozen Postgres it exits with 0", async () => {
    const server = await spawnReady({ env }, "pass");
    postgres.server.signal("SIGSTOP");
    try {
      await eventually(async () => (await ask(`${server.url}/health`)).status === 503, {
        deadlineMs: 10_000,
      });
      server.child.kill("SIGTERM");
      const { end, ms } = await server.ended();
      expect(end, server.stdout()).toBe(0);
      expect(ms).toBeLessThan(LIMIT_MS);
    } finally {
      postgres.server.signal("SIGCONT");
    }
  });
});

test("SIGINT ends it in order, and a second one at once with 130", async () => {
  const [patient, impatient] = await Promise.all([spawnReady({ env }, "pass"), spawnReady({ env }, "pass")]);
  patient.child.kill("SIGINT");
  expect((await patient.ended()).end).toBe(0);
  impatient.child.kill("SIGINT");
  await eventually(() => impatient.lines().some(({ message }) => message === "draining"), { intervalMs: 1 });
  impatient.child.kill("SIGINT");
  expect((await impatient.ended()).end).toBe(130);
  expect(impatient.lines().map(({ message }) => message)).not.toContain("stopped");
});

test.each([
  ["exception", "uncaughtException"],
  ["rejection", "unhandledRejection"],
  ["empty", "unhandledRejection"],
])(
  "an error nobody handles (%s) is logged once as CRITICAL, without secrets, and ends it with 70",
  async (kind, event) => {
    const server = await spawnReady(
      { env: { ...env, THROW_LATER: kind }, node: ["--import", preload] },
      "pass",
    );
    server.child.kill("SIGUSR2");
    const { end, ms } = await server.ended();
    expect(end).toBe(70);
    expect(ms).toBeLessThan(LIMIT_MS);
    const critical = server.lines().filter(({ severity }) => severity === "CRITICAL");
    expect(critical).toHaveLength(1);
    expect(critical[0]?.message).toContain(event);
    expect(server.stdout()).not.toContain("hunter2");
    if (kind !== "empty") expect(JSON.stringify(critical[0])).toMatch(/raised by the test.*throw-later/);
  },
);

test("an error nobody handles while it drains is not hidden by the orderly end: it exits with 70", async () => {
  const server = await spawnReady({ env: { ...env, THROW_LATER: "exception" }, node: ["--import", preload] });
  server.child.kill("SIGTERM");
  await eventually(() => server.lines().some(({ message }) => message === "draining"), { intervalMs: 1 });
  server.child.kill("SIGUSR2");
  expect((await server.ended()).end).toBe(70);
});

test("a port that is taken ends it with 69 and says which", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const server = await spawnServer({ env: { ...env, PORT: String(port) } });
  expect((await server.ended()).end).toBe(69);
  expect(server.lines().at(-1)).toMatchObject({
    severity: "CRITICAL",
    message: "cannot listen there",
    port,
    host: "127.0.0.1",
  });
  expect(server.stdout()).toContain("EADDRINUSE");
  other.close();
});

describe("what cannot be started", () => {
  const directory = mkdtempSync(join(tmpdir(), "greenlight-process-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  test("a configuration with several faults ends it with 78 and lists them all", async () => {
    writeFileSync(join(directory, "greenlight.yaml"), "logLevel: loud\nprobe:\n  intervall: 1s\n");
    const server = await spawnServer({
      cwd: directory,
      env: { DATABASE_URL: "mysql://x:hunter2@y/z", GREENLIGHT_TYPO: "1", GREENLIGHT_PROBE_INTERVAL: "" },
    });
    expect((await server.ended()).end).toBe(78);
    expect(server.stdout()).toBe("");
    for (const part of ["4 faults", "logLevel", "intervall", "DATABASE_URL", "GREENLIGHT_TYPO"])
      expect(server.stderr()).toContain(part);
    expect(server.stderr()).not.toContain("hunter2");
  });

  test("a configuration file that is named and not there ends it with 78", async () => {
    const server = await spawnServer({ env: { ...env, GREENLIGHT_CONFIG: "/nowhere/greenlight.yaml" } });
    expect((await server.ended()).end).toBe(78);
    expect(server.stderr()).toContain("/nowhere/greenlight.yaml");
  });

  test("nothing configured ends it with 78 and says what to set", async () => {
    const server = await spawnServer({ env: {} });
    expect((await server.ended()).end).toBe(78);
    expect(server.stderr()).toMatch(/DATABASE_URL, CLICKHOUSE_URL, .*REDIS_URL/);
  });
});

test("every line it writes is JSON with severity, message and time, and requests write none", async () => {
  const server = await spawnReady({ env: { ...env, LOG_LEVEL: "debug" } }, "pass");
  const before = server.lines().length;
  for (const path of [
    "/health",
    "/health/redis",
    "/nothing",
    "/metrics",
    "/why/redis",
    "/health?x=1",
    "/health/live",
  ]) {
    for (let time = 0; time < 10; time += 1) await ask(`${server.url}${path}`);
  }
  expect(await isPendingAfter(server.ended(), 100)).toBe(true);
  expect(server.lines()).toHaveLength(before);
  server.child.kill("SIGTERM");
  expect((await server.ended()).end).toBe(0);
  for (const { severity, message, time } of server.lines()) {
    expect(severity).toMatch(/^(DEBUG|INFO|WARNING|ERROR|CRITICAL)$/);
    expect(message).toMatch(/\S/);
    expect(new Date(time).toISOString()).toBe(time);
  }
  expect(server.stderr()).toBe("");
});

test("PORT=0 takes a free port, which the log tells", async () => {
  const server = await spawnServer({ env: { ...env, PORT: "0" } });
  const line = await found(
    () => server.lines().find(({ message }) => message.includes("listening at")) ?? false,
    { deadlineMs: 20_000 },
  );
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(line.message) ?? [];
  expect((await ask(`${url}/health/live`)).status).toBe(200);
});
