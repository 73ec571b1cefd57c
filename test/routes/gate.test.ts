import { fastify } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gateRoutes } from "../../routes/gate.ts";
import type { SuiteOptions } from "../../services/gate/suite.ts";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import {
  type Application,
  configFor,
  QUICK,
  startApplication,
  useApplication,
} from "../service/application.ts";
import { ask, type Answer } from "../service/ask.ts";
import { openEvents } from "../service/event-stream.ts";

const [redis, postgres] = await Promise.all([useDependency("redis"), useDependency("postgres")]);
const env = { REDIS_URL: redis.url(), DATABASE_URL: postgres.url() };
const { url, services } = await useApplication({ env });
const { gate, holds, leases } = services;

interface GateBody {
  readonly suite: string;
  readonly verdict: string;
  readonly reasons: readonly {
    code: string;
    dependency?: string;
    message: string;
    cause?: { code: string };
  }[];
}
const bodyOf = ({ text }: Answer): GateBody => JSON.parse(text) as GateBody;
const codes = (answer: Answer): string[] => bodyOf(answer).reasons.map(({ code }) => code);
const sendJson = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

beforeEach(async () => {
  await Promise.all([redis.proxy.setMode("none"), postgres.proxy.setMode("none")]);
  for (const { name } of gate.suites) holds.release(name);
  await eventually(() => gate.evaluate("all", { stableMs: 0 }).verdict === "go", { deadlineMs: 15_000 });
});
afterEach(async () => {
  await eventually(() => gate.waiting() === 0);
});

async function breakRedis(): Promise<void> {
  await redis.proxy.setMode("refuse");
  await eventually(() => gate.evaluate("all", { stableMs: 0 }).verdict === "wait");
}
const held = (count = 1): Promise<boolean> => eventually(() => gate.waiting() === count);

describe("GET /gate/{suite}", () => {
  test("is 200 with everything a reader may know when all is fit", async () => {
    const answer = await ask(`${url}/gate/all?wait=10s&stable=200ms`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(bodyOf(answer)).toMatchObject({
      suite: "all",
      verdict: "go",
      fit: true,
      stableMs: 200,
      reasons: [],
      environment: "unknown",
      version: "0.0.0-test",
      checks: [
        { dependency: "postgres", status: "pass", level: "required" },
        { dependency: "redis", status: "pass", level: "required" },
      ],
      dependencies: { postgres: { kind: "postgres", status: "pass" }, redis: { kind: "redis" } },
    });
  });

  test("is 503 with the reason and Retry-After when something fails that may recover", async () => {
    await breakRedis();
    const answer = await ask(`${url}/gate/database`);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(bodyOf(answer)).toMatchObject({
      verdict: "wait",
      fit: false,
      reasons: [{ code: "NOT_FIT", dependency: "redis", cause: { code: "CONNECT_REFUSED" } }],
    });
  });

  test("HEAD has the same status and no body, and waits for nothing", async () => {
    await breakRedis();
    const answer = await ask(`${url}/gate/all?wait=10m`, { method: "HEAD" });
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 503, text: "" });
  });

  test("of a suite that is not there is 404 and names those that are", async () => {
    const answer = await ask(`${url}/gate/databse?wait=10s`);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: "UNKNOWN_SUITE", known: ["database", "all"] });
  });

  test("without a name lists all suites with verdict and requirements", async () => {
    const { text } = await ask(`${url}/gate`);
    expect(JSON.parse(text)).toMatchObject({
      suites: [
        {
          name: "database",
          requirements: [{ dependency: "postgres", level: "required", assurance: "real" }, {}],
        },
        { name: "all" },
      ],
    });
  });

  test.each([
    ["wait=60", "wait", '"60"'],
    ["wait=11m", "wait", '"11m"'],
    ["wait=-1s", "wait", '"-1s"'],
    ["wait=", "wait", '""'],
    ["wait=1s&wait=2s", "wait", '["1s","2s"]'],
    ["stable=forever", "stable", '"forever"'],
    ["grace=1d", "grace", '"1d"'],
    ["lease=%3Cid%3E", "lease", '"<id>"'],
    ["timeout=1s", "timeout", '"1s"'],
  ])("?%s is 400 and says what was expected and found", async (query, name, shown) => {
    const answer = await ask(`${url}/gate/all?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    const { errors } = answer.body as unknown as { errors: Record<string, string>[] };
    expect(answer.body.code).toBe("INVALID_REQUEST");
    expect(errors).toMatchObject([{ in: "querystring", name, found: shown }]);
    expect(errors[0]?.expected).not.toBe("");
  });

  test("another method is 405", async () => {
    const answer = await ask(`${url}/gate/all`, { method: "POST" });
    expect({ status: answer.status, allow: answer.headers.get("allow") }).toMatchObject({ status: 405 });
    expect(answer.headers.get("allow")).toContain("GET");
  });
});

describe("a held request", () => {
  test("is released when what was broken works again", async () => {
    await breakRedis();
    const answer = ask(`${url}/gate/database?wait=20s&stable=0s`);
    await held();
    await redis.proxy.setMode("none");
    expect(bodyOf(await answer)).toMatchObject({ verdict: "go" });
  });

  test("is released only after the window, of which a flap starts another", async () => {
    await breakRedis();
    const answer = ask(`${url}/gate/all?wait=20s&stable=800ms`);
    await held();
    const brokenAt: number[] = [];
    for (const broken of [postgres, redis]) {
      await broken.proxy.setMode("refuse");
      await eventually(() => codesOf("all").includes("NOT_FIT"));
      brokenAt.push(performance.now());
      await Promise.all([redis.proxy.setMode("none"), postgres.proxy.setMode("none")]);
      await eventually(() => codesOf("all").join() === "SETTLING");
    }
    expect(bodyOf(await answer)).toMatchObject({ verdict: "go", stableMs: 800 });
    expect(performance.now() - (brokenAt.at(-1) ?? 0)).toBeGreaterThan(799);
  });

  test("gets what is known when its time is up", async () => {
    await breakRedis();
    const answer = await ask(`${url}/gate/all?wait=300ms`);
    expect(answer.status).toBe(503);
    expect(bodyOf(answer)).toMatchObject({ verdict: "wait", reasons: [{ code: "NOT_FIT" }] });
    expect(answer.ms).toBeGreaterThan(290);
  });

  test("is stop at once when the password is wrong, and only after the grace where there is one", async () => {
    const wrong = new URL(postgres.url());
    wrong.password = "wrong";
    const application = await startApplication({ env: { DATABASE_URL: wrong.href } });
    try {
      const answer = await ask(`${application.url}/gate/all?wait=14s`);
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBeNull();
      expect(bodyOf(answer)).toMatchObject({
        verdict: "stop",
        reasons: [{ code: "NOT_FIT", curable: false, cause: { code: "AUTH_FAILED" } }],
      });
      const patient = await ask(`${application.url}/gate/all?wait=14s&grace=1s`);
      expect(bodyOf(patient).verdict).toBe("stop");
      expect(patient.ms).toBeGreaterThan(990);
    } finally {
      await application.close();
    }
  });

  test("whose client hangs up is forgotten, whoever else waits", async () => {
    await breakRedis();
    const leaves = new AbortController();
    const gone = fetch(`${url}/gate/all?wait=20s&stable=0s`, { signal: leaves.signal }).catch(() => "gone");
    const stays = ask(`${url}/gate/all?wait=20s&stable=0s`);
    await held(2);
    leaves.abort();
    expect(await gone).toBe("gone");
    await held(1);
    await redis.proxy.setMode("none");
    expect(bodyOf(await stays).verdict).toBe("go");
  });

  test("and a thousand others are released together, and none is lost", async () => {
    await breakRedis();
    const answers = Array.from({ length: 1000 }, () => ask(`${url}/gate/all?wait=14s&stable=0s`));
    await held(1000);
    const metrics = await ask(`${url}/metrics`);
    expect(metrics.text).toContain('greenlight_gate_waiting{suite="all"} 1000');
    await redis.proxy.setMode("none");
    const verdicts = (await Promise.all(answers)).map(
      (answer) => `${answer.status} ${bodyOf(answer).verdict}`,
    );
    expect(new Set(verdicts)).toEqual(new Set(["200 go"]));
    expect(verdicts).toHaveLength(1000);
  });

  test("more than may be held is 503 with TOO_MANY_WAITING, until one ends", async () => {
    const { render, clock } = services;
    const app = fastify();
    gateRoutes(app, {
      gate,
      render,
      count: () => undefined,
      monotonic: () => clock.monotonic(),
      now: () => clock.now(),
      headers: [],
      guarded: false,
      maxHeld: 1,
    });
    const base = await app.listen({ host: "127.0.0.1", port: 0 });
    await breakRedis();
    const leaves = new AbortController();
    const first = fetch(`${base}/gate/all?wait=20s&stable=0s`, { signal: leaves.signal }).catch(() => "gone");
    await held();
    const refused = await ask(`${base}/gate/all?wait=1s`);
    expect(refused.body).toMatchObject({ status: 503, code: "TOO_MANY_WAITING" });
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(bodyOf(await ask(`${base}/gate/all`)).verdict, "who does not wait is answered").toBe("wait");
    leaves.abort();
    await first;
    await held(0);
    expect(bodyOf(await ask(`${base}/gate/all?wait=1ms`)).verdict).toBe("wait");
    app.server.closeAllConnections();
    app.server.close();
  });

  test("is held no longer than the token of its caller is good", async () => {
    const { render, clock } = services;
    const app = fastify();
    app.decorateRequest("admitted", null);
    app.addHook("onRequest", (request, _reply, done) => {
      const principal = { id: "user:ann@example.com", role: "reader" } as const;
      request.admitted = { principal, expiresAt: clock.now() + 300, rate: null };
      done();
    });
    const now = (): number => clock.now();
    const monotonic = (): number => clock.monotonic();
    gateRoutes(app, { gate, render, count: () => undefined, monotonic, now, headers: [], guarded: true });
    const base = await app.listen({ host: "127.0.0.1", port: 0 });
    await breakRedis();
    expect(bodyOf(await ask(`${base}/gate/all?wait=14s`)).verdict).toBe("wait");
    app.server.closeAllConnections();
    app.server.close();
  });

  test("is let go with DRAINING when the process is told to end, and so is the next", async () => {
    const application = await startApplication({ env });
    await redis.proxy.setMode("refuse");
    await eventually(() => application.services.gate.evaluate("all").verdict === "wait");
    const answer = ask(`${application.url}/gate/all?wait=14s`);
    await eventually(() => application.services.gate.waiting() === 1);
    application.services.gate.drain();
    expect(bodyOf(await answer)).toMatchObject({ verdict: "inconclusive" });
    expect(codes(await answer)).toContain("DRAINING");
    expect(codes(await ask(`${application.url}/gate/all?wait=14s`))).toContain("DRAINING");
    await application.close();
  });

  test("does not keep app.close() waiting", async () => {
    const application = await startApplication({ env });
    await redis.proxy.setMode("refuse");
    await eventually(() => application.services.gate.evaluate("all").verdict === "wait");
    const answer = ask(`${application.url}/gate/all?wait=14s`);
    await eventually(() => application.services.gate.waiting() === 1);
    await application.close();
    expect(codes(await answer)).toContain("DRAINING");
  });
});

const codesOf = (suite: string): string[] =>
  gate.evaluate(suite, { stableMs: 800 }).reasons.map(({ code }) => code);

describe("what a suite expects beyond the environment", () => {
  test("is observed for the suite alone: health, its groups, its metrics and the status events know nothing of it", async () => {
    const { dependencies } = await configFor({ ...QUICK, REDIS_URL: redis.url() });
    const [own] = dependencies;
    if (own === undefined) throw new Error("no redis");
    const suite: SuiteOptions = {
      name: "e2e",
      requirements: [{ dependency: "redis", observed: "redis@e2e", level: "required", assurance: "real" }],
      stableMs: 0,
      graceMs: 0,
      credentials: [],
    };
    const application: Application = await startApplication({
      env: { REDIS_URL: redis.url() },
      suites: [suite],
      suiteDependencies: [{ ...own, name: "redis@e2e" }],
    });
    const stream = await openEvents(`${application.url}/events`);
    const go = await ask(`${application.url}/gate/e2e?wait=14s`);
    expect(bodyOf(go)).toMatchObject({ verdict: "go", checks: [{ dependency: "redis" }] });
    expect(Object.keys((await ask(`${application.url}/health`)).body.checks)).toEqual(["redis:responseTime"]);
    expect((await ask(`${application.url}/health/redis@e2e`)).status).toBe(404);
    expect((await ask(`${application.url}/metrics`)).text).not.toContain("redis@e2e");
    await redis.proxy.setMode("refuse");
    await eventually(() => stream.verdicts().some(({ data }) => data.verdict === "wait"));
    expect(new Set(stream.events().map(({ data }) => data.dependency))).toEqual(new Set(["redis"]));
    const { text } = await ask(`${application.url}/incidents?suite=e2e`);
    expect(JSON.parse(text)).toMatchObject({ incidents: [{ dependency: "redis", required: true }] });
    stream.close();
    await application.close();
  });
});

describe("/events", () => {
  test("tells each verdict after the status that it follows from, with ids of the same sequence", async () => {
    const stream = await openEvents(`${url}/events`);
    await breakRedis();
    await eventually(() =>
      stream.verdicts().some(({ data }) => data.suite === "all" && data.verdict === "wait"),
    );
    const status = stream.events().find(({ data }) => data.status === "fail");
    const verdict = stream.verdicts().find(({ data }) => data.suite === "all");
    expect(verdict?.data).toMatchObject({ suite: "all", verdict: "wait", reasons: ["NOT_FIT"] });
    expect(verdict?.id).toBeGreaterThan(status?.id ?? Number.POSITIVE_INFINITY);
    stream.close();
  });
});

describe("/incidents", () => {
  test("tells what broke, when, and when it was last seen to pass, and can be asked since when", async () => {
    const before = Date.now();
    await breakRedis();
    await redis.proxy.setMode("none");
    await eventually(() => gate.evaluate("all", { stableMs: 0 }).verdict === "go");
    for (const since of [String(before), new Date(before).toISOString()]) {
      const { text } = await ask(`${url}/incidents?since=${since}&suite=database`);
      const { time, incidents } = JSON.parse(text) as { time: string; incidents: Record<string, string>[] };
      expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
      expect(incidents.at(-1)).toMatchObject({
        dependency: "redis",
        status: "fail",
        codes: ["CONNECT_REFUSED"],
      });
      const { lastPassAt = "", startedAt = "", endedAt = "" } = incidents.at(-1) ?? {};
      expect([lastPassAt, startedAt, endedAt].toSorted()).toEqual([lastPassAt, startedAt, endedAt]);
      expect(text).not.toContain(new URL(redis.url()).password);
    }
    const later = await ask(`${url}/incidents?since=${Date.now() + 1000}`);
    expect(JSON.parse(later.text)).toMatchObject({ incidents: [] });
    expect((await ask(`${url}/metrics`)).text).toMatch(
      /greenlight_incidents_total\{dependency="redis"\} [1-9]/,
    );
  });

  test.each([
    ["since=yesterday", "since"],
    ["since=2026-02-31T99:00:00Z", "since"],
    ["until=1", "until"],
    ["suite=a&suite=b", "suite"],
  ])("?%s is 400", async (query, name) => {
    const answer = await ask(`${url}/incidents?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: "INVALID_REQUEST", errors: [{ name }] });
  });

  test("of an unknown suite is 404", async () => {
    expect((await ask(`${url}/incidents?suite=x`)).body).toMatchObject({ code: "UNKNOWN_SUITE" });
  });
});

describe("/metrics", () => {
  test("has one verdict of each suite at a time, and counts what was answered", async () => {
    await breakRedis();
    await ask(`${url}/gate/all`);
    const { text } = await ask(`${url}/metrics`);
    expect(text).toContain('greenlight_gate_verdict{suite="all",verdict="wait"} 1');
    expect(text).toContain('greenlight_gate_verdict{suite="all",verdict="go"} 0');
    expect(text).toMatch(/greenlight_gate_decisions_total\{suite="all",verdict="wait"\} [1-9]/);
  });
});

describe("a hold", () => {
  test("keeps a fit suite waiting with who and why, and its release lets go at once", async () => {
    const placed = await ask(`${url}/gate/all/hold`, sendJson("POST", { reason: "deploying", until: "30m" }));
    expect(placed.status).toBe(200);
    expect(placed.body).toMatchObject({ suite: "all", reason: "deploying", by: "anybody" });
    const answer = await ask(`${url}/gate/all?stable=0s`);
    expect(bodyOf(answer)).toMatchObject({
      verdict: "wait",
      fit: true,
      reasons: [{ code: "HELD" }],
      hold: { reason: "deploying", by: "anybody" },
    });
    const waiting = ask(`${url}/gate/all?wait=14s&stable=0s`);
    await held();
    const released = await ask(`${url}/gate/all/hold`, { method: "DELETE" });
    expect(released.status).toBe(204);
    expect(bodyOf(await waiting)).toMatchObject({ verdict: "go" });
    expect((await ask(`${url}/gate/all/hold`, { method: "DELETE" })).status).toBe(204);
  });

  test("ends by itself, and that releases who waits", async () => {
    const until = new Date(Date.now() + 700).toISOString();
    expect((await ask(`${url}/gate/all/hold`, sendJson("POST", { reason: "x", until }))).status).toBe(200);
    expect(bodyOf(await ask(`${url}/gate/all?wait=14s&stable=0s`))).toMatchObject({ verdict: "go" });
  });

  test.each([
    [{ reason: "x" }, "until"],
    [{ reason: "x", until: "25h" }, "until"],
    [{ reason: "x", until: "2020-01-01T00:00:00Z" }, "until"],
    [{ reason: "x", until: "2026-01-01" }, "until"],
    [{ reason: "x", until: 30 }, "until"],
    [{ until: "30m" }, "reason"],
    [{ reason: "two\nlines", until: "30m" }, "reason"],
    [{ reason: "\u001b[2J", until: "30m" }, "reason"],
    [{ reason: "x".repeat(201), until: "30m" }, "reason"],
    [{ reason: "x", until: "30m", force: true }, "force"],
    [[], "body"],
    ["text", "body"],
    [null, "body"],
  ])("%j is 400 and says what was expected", async (body, name) => {
    const answer = await ask(`${url}/gate/all/hold`, sendJson("POST", body));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: "INVALID_REQUEST", errors: [{ in: "body", name }] });
    expect(holds.get("all")).toBeUndefined();
  });

  test.each([
    ["application/json", "{"],
    ["application/json", ""],
    ["text/plain", "reason"],
  ])("%s with the body %j is 400: no JSON", async (type, body) => {
    const init = { method: "POST", headers: { "content-type": type }, body };
    const answer = await ask(`${url}/gate/all/hold`, init);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      errors: [{ name: "body", expected: "a JSON object as application/json" }],
    });
  });

  test("of an unknown suite is 404, and another method 405", async () => {
    const unknown = await ask(`${url}/gate/x/hold`, sendJson("POST", { reason: "x", until: "1m" }));
    expect(unknown.body).toMatchObject({ status: 404, code: "UNKNOWN_SUITE" });
    const method = await ask(`${url}/gate/all/hold`, { method: "PUT" });
    expect({ status: method.status, allow: method.headers.get("allow") }).toEqual({
      status: 405,
      allow: "POST, DELETE",
    });
  });
});

interface LeaseBody {
  readonly id: string;
  readonly fence: number;
  readonly expiresAt: string;
}
const take = (holder: string): Promise<Answer> =>
  ask(`${url}/gate/all/lease`, sendJson("POST", { holder, ttl: "60s" }));
const leaseOf = ({ text }: Answer): LeaseBody => JSON.parse(text) as LeaseBody;

describe("a lease", () => {
  test("is given to one; the other is told who has it, and goes when it is given up", async () => {
    const first = await take("ci-1");
    expect(first.status).toBe(201);
    const { id, fence } = leaseOf(first);
    const second = await take("ci-2");
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({
      code: "LEASED",
      holder: "ci-1",
      expiresAt: leaseOf(first).expiresAt,
    });
    expect(second.text).not.toContain(id);
    const other = await ask(`${url}/gate/all?stable=0s`);
    expect(bodyOf(other)).toMatchObject({
      verdict: "wait",
      lease: { holder: "ci-1" },
      reasons: [{ code: "LEASED" }],
    });
    expect(other.text).not.toContain(id);
    expect(bodyOf(await ask(`${url}/gate/all?stable=0s&lease=${id}`)).verdict).toBe("go");
    const waiting = ask(`${url}/gate/all?wait=14s&stable=0s`);
    await held();
    expect((await ask(`${url}/gate/all/lease/${id}`, { method: "DELETE" })).status).toBe(204);
    expect(bodyOf(await waiting).verdict).toBe("go");
    const next = leaseOf(await take("ci-2"));
    expect(next.fence).toBeGreaterThan(fence);
    expect((await ask(`${url}/gate/all/lease/${next.id}`, { method: "DELETE" })).status).toBe(204);
  });

  test("of a holder that was killed ends, and who waits goes on; the late holder is told that it is lost", async () => {
    const acquired = leases.acquire({ suite: "all", holder: "killed", ttlMs: 500 });
    if (!acquired.ok) throw new Error("leased");
    const { id } = acquired.lease;
    expect(bodyOf(await ask(`${url}/gate/all?wait=14s&stable=0s`)).verdict).toBe("go");
    expect(codes(await ask(`${url}/gate/all?stable=0s&lease=${id}`))).toEqual(["LEASED"]);
    const next = leaseOf(await take("ci-2"));
    const late = await ask(`${url}/gate/all/lease/${id}`, sendJson("PUT", { ttl: "60s" }));
    expect(late.body).toMatchObject({ status: 409, code: "LEASE_LOST", holder: "ci-2" });
    expect((await ask(`${url}/gate/all/lease/${id}`, { method: "DELETE" })).body).toMatchObject({
      code: "LEASE_LOST",
    });
    await ask(`${url}/gate/all/lease/${next.id}`, { method: "DELETE" });
  });

  test("is renewed by its holder", async () => {
    const { id, fence, expiresAt } = leaseOf(await take("ci-1"));
    const renewed = await ask(`${url}/gate/all/lease/${id}`, sendJson("PUT", { ttl: "10m" }));
    expect(renewed.status).toBe(200);
    expect(leaseOf(renewed)).toMatchObject({ id, fence });
    expect(leaseOf(renewed).expiresAt > expiresAt).toBe(true);
    await ask(`${url}/gate/all/lease/${id}`, { method: "DELETE" });
  });

  test("of a process that was started anew has a greater fence, and the old one is lost", async () => {
    const lives: LeaseBody[] = [];
    for (let life = 0; life < 2; life += 1) {
      const application = await startApplication({ env, observe: false });
      const [before] = lives;
      if (before !== undefined) {
        const init = sendJson("PUT", { ttl: "60s" });
        const lost = await ask(`${application.url}/gate/all/lease/${before.id}`, init);
        expect(lost.body).toMatchObject({ code: "LEASE_LOST" });
      }
      const init = sendJson("POST", { holder: "ci", ttl: "60s" });
      lives.push(leaseOf(await ask(`${application.url}/gate/all/lease`, init)));
      await application.close();
    }
    expect(lives[1]?.fence).toBeGreaterThan(lives[0]?.fence ?? Number.POSITIVE_INFINITY);
  });

  test.each([
    [{ holder: "ci", ttl: "5s" }, "ttl"],
    [{ holder: "ci", ttl: "11m" }, "ttl"],
    [{ holder: "ci", ttl: 60 }, "ttl"],
    [{ holder: "", ttl: "60s" }, "holder"],
    [{ ttl: "60s" }, "holder"],
    [{ holder: "ci", ttl: "60s", fence: 1 }, "fence"],
  ])("%j is 400", async (body, name) => {
    const answer = await ask(`${url}/gate/all/lease`, sendJson("POST", body));
    expect(answer.body).toMatchObject({ status: 400, code: "INVALID_REQUEST", errors: [{ name }] });
  });

  test("of an unknown suite is 404", async () => {
    for (const [method, path] of [
      ["POST", "lease"],
      ["PUT", "lease/x"],
      ["DELETE", "lease/x"],
    ] as const) {
      const init = method === "DELETE" ? { method } : sendJson(method, {});
      expect((await ask(`${url}/gate/x/${path}`, init)).body).toMatchObject({ code: "UNKNOWN_SUITE" });
    }
  });
});
