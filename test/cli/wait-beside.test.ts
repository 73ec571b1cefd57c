// Waits for services that other tests of this file do not touch, side by side: most of each is waiting.
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { parseDuration } from "../../services/duration.ts";
import { startEnvironment } from "../../src/sandbox/environment.ts";
import { freePort } from "../../src/sandbox/ports.ts";
import { startService } from "../../src/sandbox/service.ts";
import type { RunRecord } from "../../src/views/run-record.ts";
import { useDependency } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { goBody, serve } from "./guarded-service.ts";
import { leaseOf } from "./lease-of.ts";
import { runCli, spawnCli } from "./run-cli.ts";

const redis = await useDependency("redis");

const waitBody = { ...goBody, verdict: "wait", fit: false, stableForMs: 0 };

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

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

describe.concurrent("beside others", () => {
  test(
    "the lease of a killed holder expires, and the next one gets it",
    { timeout: 60_000 },
    async ({ onTestFinished }) => {
      const environment = await startEnvironment({ dependencies: ["redis"] });
      onTestFinished(() => environment.close());
      const leased = environment.dependencies.get("redis")!;
      const signal = new AbortController().signal;
      const service = await startService({ environment, port: await freePort(), signal });
      onTestFinished(() => service.process.stop());
      const { url } = service;
      await leased.setMode("refuse");
      const first = spawnCli(["wait", "--url", url, "--stable", "300ms", "--timeout", "30s", "--exclusive"]);
      await eventually(async () => (await leaseOf(url, "all")) !== undefined);
      first.kill("SIGKILL");
      await once(first, "close");
      await leased.setMode("none");
      const { code, stderr } = await runCli(["wait", "--url", url, "--timeout", "50s", "--exclusive"]);
      expect(code).toBe(0);
      expect(stderr).toContain("note: The suite is leased to ");
    },
  );

  test.for([
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
  ])(
    "a service that told of $what and is lost then: no go is made up here",
    async ({ env, said, note }, context) => {
      let asked = 0;
      const base = await serve((_, response) => {
        asked += 1;
        if (asked === 1) answer(response, 503, said);
        else answer(response, 500, {});
      }, context);
      const { code, stderr } = await runCli(["wait", "--url", base, "--stable", "100ms", "--timeout", "9s"], {
        env: { REDIS_URL: redis.url(), ...env },
      });
      expect({ code, stderr }).toMatchObject({ code: 75 });
      expect(stderr).toContain(note);
    },
  );

  test.for([
    { what: "a 404 of something else", status: 404, body: { error: "no" }, code: 69 },
    { what: "a page", status: 200, body: "<html>", code: 69 },
    { what: "a go that is none", status: 200, body: { ...goBody, fit: false }, code: 69 },
    { what: "a go with the status of a wait", status: 503, body: goBody, code: 75 },
    { what: "a go of another suite", status: 200, body: { ...goBody, suite: "other" }, code: 69 },
    { what: "a fault of its own", status: 500, body: {}, code: 75 },
    { what: "a refusal of everybody", status: 403, body: { detail: "not you" }, code: 77 },
  ])("$what is $code, and never a go", async ({ status, body, code }, context) => {
    const base = await serve((_, response) => answer(response, status, body), context);
    // To find that no token can be had takes a second or two.
    const ran = await runCli(["wait", "--url", base, "--timeout", code === 75 ? "1s" : "20s"]);
    expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({ code });
  });

  test("a token that expires in mid-wait and cannot be replaced is 77", async (context) => {
    const seen: string[] = [];
    const base = await serve(serveExpiring(seen), context);
    const ran = await runCli(["wait", "--url", base, "--timeout", "20s"], {
      env: { GREENLIGHT_TOKEN: "canary-token-4711" },
    });
    expect(ran).toMatchObject({ code: 77, stdout: "" });
    expect(ran.stderr).toContain("it has expired or was withdrawn");
    expect(ran.stderr).not.toContain("canary-token-4711");
    expect(seen.length).toBeGreaterThan(1);
  });

  test("a token that expires in mid-wait is replaced by a fresh one of the same source, once", async (context) => {
    const seen: string[] = [];
    const base = await serve(serveExpiring(seen), context);
    let issued = 0;
    const metadata = await serve((_, response) => {
      issued += 1;
      const token = `${part({ alg: "RS256" })}.${part({ aud: base, jti: issued })}.canary`;
      response.setHeader("metadata-flavor", "Google");
      response.end(issued < 4 ? token : "none");
    }, context);
    const ran = await runCli(["wait", "--url", base, "--timeout", "20s"], {
      env: { GCE_METADATA_HOST: metadata, PATH: "/nowhere" },
    });
    expect(ran).toMatchObject({ code: 77, stdout: "" });
    expect(ran.stderr).toContain("it has expired or was withdrawn");
    expect(ran.stderr).not.toContain("canary");
    // Each was good for one answer, and was then replaced by the next.
    expect(new Set(seen.filter((token) => token !== "")).size).toBe(3);
  });

  test("the suite's own grace is that of the whole wait, not of every request", async (context) => {
    const asked: { readonly grace: string | null; readonly at: number }[] = [];
    const base = await serve(({ url: path }, response) => {
      const query = new URL(path ?? "", "http://localhost").searchParams;
      if (query.has("wait")) asked.push({ grace: query.get("grace"), at: performance.now() });
      if (asked.at(-1)?.grace === "0ms") return answer(response, 200, goBody);
      answer(response, 503, { ...waitBody, graceMs: 1500 });
    }, context);
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

  test("Retry-After is honoured, and the wait is over when the service says go", async (context) => {
    const times: number[] = [];
    const base = await serve((_, response) => {
      times.push(performance.now());
      if (times.length > 1) return answer(response, 200, goBody);
      response.writeHead(429, { "retry-after": "1" }).end("{}");
    }, context);
    const { code } = await runCli(["wait", "--url", base, "--timeout", "20s"]);
    expect(code).toBe(0);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1000);
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
    expect(JSON.parse(stdout) as RunRecord).toMatchObject({ vantage: { kind: "here-since", url: closed } });
  });
});
