import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { freePort } from "../../src/sandbox/ports.ts";
import { startService } from "../../src/sandbox/service.ts";
import type { Report } from "../../src/views/report.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { runCli } from "./run-cli.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const service = await startService({
  environment,
  port: await freePort(),
  signal: new AbortController().signal,
});
afterAll(() => service.process.stop());
const postgres = environment.dependencies.get("postgres")!;
const redis = environment.dependencies.get("redis")!;

test("from here: explains one, and all when all pass", async () => {
  const env = { DATABASE_URL: postgres.url(), REDIS_URL: redis.url() };
  const one = await runCli(["why", "postgres"], { env });
  expect({ code: one.code, stderr: one.stderr }).toEqual({ code: 0, stderr: "" });
  expect(one.stdout).toMatch(/^postgres passes: all 7 rungs hold\.\n/);
  expect(one.stdout).toMatch(/^ {2}✓ query/m);
  const all = await runCli(["why", "--json"], { env });
  expect(JSON.parse(all.stdout) as Report).toMatchObject({
    summary: "All 2 dependencies pass.",
    vantage: { kind: "here" },
  });
  const unknown = await runCli(["why", "postgre"], { env });
  expect(unknown).toMatchObject({ code: 64, stdout: "" });
  expect(unknown.stderr).toContain("Did you mean postgres?");
});

test("from a service: what passes, what is broken, what is unknown", async () => {
  const all = await runCli(["why", "--url", `${service.url}/`]);
  expect(all).toMatchObject({ code: 0, stderr: "" });
  expect(all.stdout).toMatch(/^All 2 dependencies pass\.\n/);
  const unknown = await runCli(["why", "rediss"], { env: { GREENLIGHT_URL: service.url } });
  expect(unknown).toMatchObject({ code: 64, stdout: "" });
  expect(unknown.stderr).toContain("Did you mean redis?\nKnown: postgres, redis, ");
  redis.server.signal("SIGKILL");
  await eventually(async () => {
    const { code, stdout } = await runCli(["why", "--json", "--url", service.url]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({
      vantage: { kind: "service", url: service.url },
      dependencies: [{ dependency: "redis", cause: { code: "CONNECT_REFUSED" } }],
    });
    expect(report.nextSteps.length).toBeGreaterThan(0);
  });
  const text = await runCli(["why", "redis", "--url", service.url]);
  expect(text.stdout).toMatch(/^redis fails: nothing listens on that port \(CONNECT_REFUSED, at connect\)\./);
  expect(text.stdout).not.toMatch(/\{\w+\}/);
  await redis.restart();
});

async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

const token = "token-canary-77";

test.each<{ what: string; listener: RequestListener; code: number; says: string }>([
  {
    what: "no JSON",
    code: 69,
    says: "answered 200: no JSON",
    listener: (_, response) => response.end("<html>"),
  },
  {
    what: "another shape",
    code: 69,
    says: "another shape",
    listener: (_, response) => response.end('{"dependency":1}'),
  },
  {
    what: "a redirect",
    code: 69,
    says: "answered 302",
    listener: (_, response) => response.writeHead(302, { location: "http://elsewhere.invalid/" }).end("{}"),
  },
  {
    what: "a refusal",
    code: 77,
    says: "no such token",
    listener: (_, response) => response.writeHead(401).end('{"detail":"no such token\\u001b[2J"}'),
  },
  {
    what: "an echo of the token",
    code: 69,
    says: "answered 400",
    listener: ({ headers }, response) =>
      response.writeHead(400).end(JSON.stringify({ detail: headers.authorization })),
  },
  {
    what: "a fault of its own",
    code: 75,
    says: "answered 500",
    listener: (_, response) => response.writeHead(500).end("{}"),
  },
  {
    what: "an endless answer",
    code: 69,
    says: "longer than",
    listener: (_, response) => response.end("x".repeat(1_100_000)),
  },
  {
    what: "a broken connection",
    code: 75,
    says: "CONNECTION_CLOSED",
    listener: ({ socket }) => socket.destroy(),
  },
])("a service that answers with $what is reported: $code", async ({ listener, code, says }) => {
  const url = await answering(listener);
  const {
    code: found,
    stdout,
    stderr,
  } = await runCli(["why", "postgres", "--url", url], { env: { GREENLIGHT_TOKEN: token } });
  expect({ code: found, stdout }).toEqual({ code, stdout: "" });
  expect(stderr).toContain(says);
  expect(stderr).not.toContain(token);
  expect(stderr).not.toContain("\u001B");
});

test("the token is sent as a bearer token, and a service's words cannot steer the terminal", async () => {
  const seen: (string | undefined)[] = [];
  const url = await answering((request, response) => {
    seen.push(request.headers.authorization);
    response.end(
      JSON.stringify({
        dependency: "x\u001B[2J",
        status: "pass",
        summary: "fine\u001B[2J\u009B2J",
        rungs: [],
        nextSteps: [],
      }),
    );
  });
  const { code, stdout } = await runCli(["why", "x", "--url", url], { env: { GREENLIGHT_TOKEN: token } });
  expect(code).toBe(0);
  expect(seen).toEqual([`Bearer ${token}`]);
  // oxlint-disable-next-line no-control-regex
  expect(stdout).not.toMatch(/[\u001B\u009B]/);
});

test("a service that is not there: 75, and one with no such host: by what the resolver says", async () => {
  const closed = `http://127.0.0.1:${await freePort()}`;
  const refused = await runCli(["why", "--url", closed]);
  const blocked = await runCli(["why", "--url", "http://127.0.0.1:1"]);
  expect(blocked).toMatchObject({ code: 64, stdout: "" });
  expect(refused).toMatchObject({ code: 75, stdout: "" });
  expect(refused.stderr).toContain("CONNECT_REFUSED");
  const nowhere = await runCli(["why", "--url", "http://does-not-exist.invalid"]);
  expect(nowhere.code).toBe(nowhere.stderr.includes("DNS_NOT_FOUND") ? 69 : 75);
  expect(nowhere.stderr).not.toContain("unencrypted");
  const open = await runCli(["why", "--url", "http://does-not-exist.invalid"], {
    env: { GREENLIGHT_TOKEN: token },
  });
  expect(open.stderr).toContain("the token goes unencrypted to http://does-not-exist.invalid");
  const unusable = await runCli(["why", "--url", closed], {
    env: { GREENLIGHT_TOKEN: "token\ncanary" },
  });
  expect(unusable).toMatchObject({ code: 64, stdout: "" });
  expect(unusable.stderr).not.toContain("canary");
});
