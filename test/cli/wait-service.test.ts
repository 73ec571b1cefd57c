import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { parseDuration } from "../../services/duration.ts";
import { freePort } from "../../src/sandbox/ports.ts";
import { type Service, startService } from "../../src/sandbox/service.ts";
import type { RunRecord } from "../../src/views/run-record.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { goBody, serve } from "./guarded-service.ts";
import { runCli, spawnCli } from "./run-cli.ts";

const environment = await useEnvironment({ dependencies: ["postgres", "redis"] });
const redis = environment.dependencies.get("redis")!;
const port = await freePort();
const start = (): Promise<Service> =>
  startService({ environment, port, signal: new AbortController().signal });
let service = await start();
afterAll(() => service.process.stop());
const { url } = service;

const recordOf = (stdout: string): RunRecord => JSON.parse(stdout) as RunRecord;
const quick = ["--url", url, "--stable", "300ms", "--timeout", "30s"];

interface Lease {
  readonly holder: string;
}

async function leaseOf(suite: string): Promise<Lease | undefined> {
  const response = await fetch(`${url}/gate/${suite}`);
  return ((await response.json()) as { lease?: Lease }).lease;
}

const waitBody = { ...goBody, verdict: "wait", fit: false, stableForMs: 0 };

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

test("a service's go is go; the fingerprint is the environment's", async () => {
  const { code, stdout, stderr } = await runCli(["wait", ...quick, "--suite", "database", "--json"]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(recordOf(stdout)).toMatchObject({
    suite: "database",
    outcome: "passed",
    vantage: { kind: "service", url },
    fingerprint: { environment: "sandbox", dependencies: { postgres: { kind: "postgres" } } },
    gate: { verdict: "go", checks: [{ dependency: "postgres" }, { dependency: "redis" }] },
  });
});

test("an unknown suite is 78, with those that the service knows", async () => {
  const { code, stdout, stderr } = await runCli(["wait", "--suite", "databse"], {
    env: { GREENLIGHT_URL: url },
  });
  expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
  expect(stderr).toContain("Did you mean database?\nKnown: ");
});

test("it waits while the service says so, and tells of the incident", async () => {
  await redis.setMode("refuse");
  await eventually(async () => (await fetch(`${url}/gate/all`)).status === 503);
  const running = runCli(["wait", ...quick, "--json"]);
  await sleep(1000);
  await redis.setMode("none");
  const { code, stdout, stderr } = await running;
  expect(code).toBe(0);
  expect(stderr).toContain("asking http://127.0.0.1");
  expect(recordOf(stdout).incidents).toMatchObject([
    { dependency: "redis", cause: { code: "CONNECT_REFUSED" } },
  ]);
});

test("a service that is restarted in mid-wait is waited for", async () => {
  await redis.setMode("refuse");
  await eventually(async () => (await fetch(`${url}/gate/all`)).status === 503);
  const running = runCli(["wait", ...quick]);
  await sleep(700);
  await service.process.stop({ signal: "SIGKILL" });
  await redis.setMode("none");
  await sleep(700);
  service = await start();
  const { code, stderr } = await running;
  expect(code).toBe(0);
  expect(stderr).toMatch(/note: cannot ask .*(CONNECT_REFUSED|CONNECTION_CLOSED)/);
  expect(stderr).toContain(`note: ${url} answers again.`);
});

test("a service that is not there is waited for until the deadline: 75; a name that does not exist is told at once", async () => {
  const closed = `http://127.0.0.1:${await freePort()}`;
  const refused = await runCli(["wait", "--url", closed, "--timeout", "1s"]);
  expect(refused.code).toBe(75);
  expect(refused.stdout).toMatch(/^Inconclusive: .*CONNECT_REFUSED/);
  const nowhere = await runCli(["wait", "--url", "http://does-not-exist.invalid", "--timeout", "1s"]);
  const isKnown = nowhere.stderr.includes("DNS_NOT_FOUND");
  expect(nowhere.code).toBe(isKnown ? 69 : 75);
  const graced = await runCli([
    "wait",
    "--url",
    "http://does-not-exist.invalid",
    "--timeout",
    "1s",
    "--grace",
    "10s",
  ]);
  expect(graced.code).toBe(75);
});

test("with a configuration here too, a lost service means looking from here, and that is told", async () => {
  const closed = `http://127.0.0.1:${await freePort()}`;
  const env = { REDIS_URL: redis.url() };
  const { code, stdout, stderr } = await runCli(["wait", "--url", closed, "--stable", "300ms", "--json"], {
    env,
  });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr).toContain("is lost: from now on this machine looks itself");
  expect(recordOf(stdout)).toMatchObject({ vantage: { kind: "here-since", url: closed } });
});

test.each([
  {
    what: "a hold",
    env: {},
    said: {
      ...waitBody,
      reasons: [
        { code: "HELD", level: "required", effect: "blocks", curable: true, message: "ops holds all" },
      ],
    },
    note: "cannot be seen from here (HELD)",
  },
  {
    what: "another environment than this machine is configured for",
    env: { GREENLIGHT_ENVIRONMENT: "development" },
    said: { ...waitBody, environment: "staging" },
    note: "it answered for staging, and this machine is configured for development",
  },
])("a service that told of $what and is lost then: no go is made up here", async ({ env, said, note }) => {
  let asked = 0;
  const base = await serve((_, response) => {
    asked += 1;
    if (asked === 1) answer(response, 503, said);
    else answer(response, 500, {});
  });
  const { code, stderr } = await runCli(["wait", "--url", base, "--stable", "100ms", "--timeout", "9s"], {
    env: { REDIS_URL: redis.url(), ...env },
  });
  expect({ code, stderr }).toMatchObject({ code: 75 });
  expect(stderr).toContain(note);
});

test.each([
  { what: "a 404 of something else", status: 404, body: { error: "no" }, code: 69 },
  { what: "a page", status: 200, body: "<html>", code: 69 },
  { what: "a go that is none", status: 200, body: { ...goBody, fit: false }, code: 69 },
  { what: "a go with the status of a wait", status: 503, body: goBody, code: 75 },
  { what: "a go of another suite", status: 200, body: { ...goBody, suite: "other" }, code: 69 },
  { what: "a fault of its own", status: 500, body: {}, code: 75 },
  { what: "a refusal of everybody", status: 403, body: { detail: "not you" }, code: 77 },
])("$what is $code, and never a go", async ({ status, body, code }) => {
  const base = await serve((_, response) => answer(response, status, body));
  // To find that no token can be had takes a second or two.
  const ran = await runCli(["wait", "--url", base, "--timeout", code === 75 ? "1s" : "20s"]);
  expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({ code });
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Accepts each of these tokens for one request only. */
function serveExpiring(seen: string[]) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    seen.push(token);
    const count = seen.filter((each) => each === token).length;
    if (token === "" || count > 1) return answer(response, 401, { code: "TOKEN_EXPIRED", detail: "expired" });
    answer(response, 503, waitBody);
  };
}

test("a token that expires in mid-wait and cannot be replaced is 77", async () => {
  const seen: string[] = [];
  const base = await serve(serveExpiring(seen));
  const ran = await runCli(["wait", "--url", base, "--timeout", "20s"], {
    env: { GREENLIGHT_TOKEN: "canary-token-4711" },
  });
  expect(ran).toMatchObject({ code: 77, stdout: "" });
  expect(ran.stderr).toContain("it has expired or was withdrawn");
  expect(ran.stderr).not.toContain("canary-token-4711");
  expect(seen.length).toBeGreaterThan(1);
});

test("a token that expires in mid-wait is replaced by a fresh one of the same source, once", async () => {
  const seen: string[] = [];
  const base = await serve(serveExpiring(seen));
  let issued = 0;
  const metadata = await serve((_, response) => {
    issued += 1;
    const token = `${part({ alg: "RS256" })}.${part({ aud: base, jti: issued })}.canary`;
    response.setHeader("metadata-flavor", "Google");
    response.end(issued < 4 ? token : "none");
  });
  const ran = await runCli(["wait", "--url", base, "--timeout", "20s"], {
    env: { GCE_METADATA_HOST: metadata, PATH: "/nowhere" },
  });
  expect(ran).toMatchObject({ code: 77, stdout: "" });
  expect(ran.stderr).toContain("it has expired or was withdrawn");
  expect(ran.stderr).not.toContain("canary");
  // Each was good for one answer, and was then replaced by the next.
  expect(new Set(seen.filter((token) => token !== "")).size).toBe(3);
});

test("the suite's own grace is that of the whole wait, not of every request", async () => {
  const asked: { readonly grace: string | null; readonly at: number }[] = [];
  const base = await serve(({ url: path }, response) => {
    const query = new URL(path ?? "", "http://localhost").searchParams;
    if (query.has("wait")) asked.push({ grace: query.get("grace"), at: performance.now() });
    if (asked.at(-1)?.grace === "0ms") return answer(response, 200, goBody);
    answer(response, 503, { ...waitBody, graceMs: 1500 });
  });
  expect(await runCli(["wait", "--url", base, "--timeout", "30s"])).toMatchObject({ code: 0 });
  expect(asked[0]?.grace).toBeNull();
  expect(asked.length).toBeGreaterThan(2);
  const begunAt = asked[0]?.at ?? NaN;
  // A request leaves after the one before it was answered, and the wait began before the first arrived.
  asked.slice(1).forEach(({ grace }, index) => {
    const before = asked[index]?.at ?? NaN;
    expect(parseDuration(grace ?? "")).toBeLessThanOrEqual(Math.max(0, 1501 - (before - begunAt)));
  });
});

test("Retry-After is honoured, and the wait is over when the service says go", async () => {
  const times: number[] = [];
  const base = await serve((_, response) => {
    times.push(performance.now());
    if (times.length > 1) return answer(response, 200, goBody);
    response.writeHead(429, { "retry-after": "1" }).end("{}");
  });
  const { code } = await runCli(["wait", "--url", base, "--timeout", "20s"]);
  expect(code).toBe(0);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1000);
});

test("--exclusive: two never have the environment at once, and an interrupted one gives it up", async () => {
  await redis.setMode("refuse");
  const first = spawnCli(["wait", ...quick, "--exclusive"]);
  onTestFinished(() => void first.kill("SIGKILL"));
  await eventually(async () => (await leaseOf("all")) !== undefined);
  const second = runCli(["wait", ...quick, "--timeout", "1s", "--exclusive"]);
  const denied = await second;
  expect(denied.code).toBe(75);
  expect(denied.stdout).toMatch(/^Not fit within 1s: suite all still waits: The suite is leased to /);
  const ended = once(first, "close");
  first.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(await leaseOf("all")).toBeUndefined();
  await redis.setMode("none");
  const { code } = await runCli(["wait", ...quick, "--exclusive"]);
  expect(code).toBe(0);
  expect(await leaseOf("all")).toBeUndefined();
});

test("the lease of a killed holder expires, and the next one gets it", { timeout: 60_000 }, async () => {
  await redis.setMode("refuse");
  const first = spawnCli(["wait", ...quick, "--exclusive"]);
  await eventually(async () => (await leaseOf("all")) !== undefined);
  first.kill("SIGKILL");
  await once(first, "close");
  await redis.setMode("none");
  const { code, stderr } = await runCli(["wait", "--url", url, "--timeout", "50s", "--exclusive"]);
  expect(code).toBe(0);
  expect(stderr).toContain("note: The suite is leased to ");
});

test("--dry-run asks once, and takes no lease", async () => {
  const { code, stdout } = await runCli(["wait", "--url", url, "--dry-run", "--exclusive"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Dry run, nothing was started\. Now: go/);
  expect(stdout).toContain(`asking ${url}`);
  expect(await leaseOf("all")).toBeUndefined();
});
