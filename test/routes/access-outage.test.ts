import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeGoogle, startGoogle } from "../../src/sandbox/google/google.ts";
import { bearer, googleAccess, userRule } from "../service/access.ts";
import { type Application, startApplication } from "../service/application.ts";
import { type Answer, ask } from "../service/ask.ts";
import { eventually } from "../support/wait.ts";

const env = { REDIS_URL: "redis://127.0.0.1:1/0" };
const access = { rules: [userRule("ann@example.com")] };

let google: FakeGoogle;
let application: Application | undefined;
beforeEach(async () => {
  google = await startGoogle();
});
afterEach(async () => {
  await application?.close();
  application = undefined;
  await google.close();
});

async function start(given: { tokenInfoUrl?: string } = {}): Promise<Application> {
  application = await startApplication({
    env,
    observe: false,
    access: googleAccess({ ...google, ...given }, access),
  });
  return application;
}

const send = (token: string): Promise<Answer> => ask(`${application?.url}/metrics`, bearer(token));

function expectUnavailable(answer: Answer): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({
    status: 503,
    code: "TOKEN_CHECK_UNAVAILABLE",
  });
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  expect(answer.body).toMatchObject({ run: expect.stringContaining("--retry") });
}

const accepted = (token: string, deadlineMs = 10_000): Promise<Answer> =>
  eventually(
    async () => {
      const answer = await send(token);
      return answer.status === 200 ? answer : Promise.reject(new Error(answer.text));
    },
    { deadlineMs, intervalMs: 50 },
  );

describe("Google's keys", () => {
  test.each(["refuse", "error500"] as const)(
    "%s at the start: it starts, nobody is believed, and everybody once they are back",
    async (mode) => {
      await google.setDown("jwks", mode);
      const { url } = await start();
      expect((await ask(`${url}/health/live`)).status).toBe(200);
      const token = await google.mintIdToken();
      expectUnavailable(await send(token));
      await google.setDown("jwks", "up");
      await accepted(token);
    },
  );

  test("slow at the start: the caller waits for no more than the deadline", async () => {
    await google.setDown("jwks", "slow", { ms: 20_000 });
    await start();
    const answer = await send(await google.mintIdToken());
    expectUnavailable(answer);
    expect(answer.ms).toBeLessThan(5000);
  });

  test("down at the start, a crowd does not become a crowd of requests to Google", async () => {
    await google.setDown("jwks", "error500");
    await start();
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, index) => google.mintIdToken({ jti: String(index) })),
    );
    const answers = await Promise.all(tokens.map(send));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(google.requests().jwks).toBeLessThanOrEqual(5);
  });

  test("down later: remembered keys check tokens that are new", async () => {
    await start();
    await accepted(await google.mintIdToken());
    await google.setDown("jwks", "refuse");
    expect((await send(await google.mintIdToken({ jti: "new" }))).status).toBe(200);
    expect((await send(await google.mintIdToken({ jti: "bad", aud: "https://x.example" }))).status).toBe(401);
  });

  test("that change under load: old tokens stay good, new ones are good once the cooldown is over, Google is asked a few times", async () => {
    await start();
    const old = await google.mintIdToken();
    await accepted(old);
    let loaded = 0;
    const load = { ended: false };
    const loading = (async () => {
      while (!load.ended) {
        const answers = await Promise.all(Array.from({ length: 10 }, () => send(old)));
        for (const { status } of answers) expect(status).toBe(200);
        loaded += answers.length;
      }
    })();
    await google.rotateKeys();
    const fresh = await google.mintIdToken({ jti: "fresh" });
    const first = await send(fresh);
    if (first.status !== 200) expect(first.body.code).toBe("TOKEN_KEY_UNKNOWN");
    await accepted(fresh);
    load.ended = true;
    await loading;
    expect(loaded).toBeGreaterThan(10);
    expect(google.requests().jwks).toBeLessThanOrEqual(4);
  });

  test("are fetched no oftener for a flood of tokens with keys that nobody has", async () => {
    await start();
    await accepted(await google.mintIdToken());
    const before = google.requests().jwks;
    for (let round = 0; round < 5; round += 1) {
      const tokens = await Promise.all(
        Array.from({ length: 20 }, (_, index) => google.mintIdToken({}, { kid: `none-${round}-${index}` })),
      );
      for (const { status, body } of await Promise.all(tokens.map(send))) {
        expect({ status, code: body.code }).toEqual({ status: 401, code: "TOKEN_KEY_UNKNOWN" });
      }
    }
    expect(google.requests().jwks - before).toBeLessThanOrEqual(2);
  });
});

describe("tokeninfo", () => {
  test.each(["refuse", "error500"] as const)(
    "%s: a new token is 503, a remembered one still good, and Google is asked once",
    async (mode) => {
      await start();
      const known = google.mintAccessToken();
      expect((await send(known)).status).toBe(200);
      await google.setDown("tokenInfo", mode);
      const before = google.requests().tokenInfo;
      const fresh = google.mintAccessToken();
      expectUnavailable(await send(fresh));
      expect(google.requests().tokenInfo - before, "tries").toBeLessThanOrEqual(1);
      expect((await send(known)).status).toBe(200);
      await google.setDown("tokenInfo", "up");
      expect((await send(fresh)).status).toBe(200);
    },
  );

  test("slow: the caller waits for no more than the deadline, others for nothing, and no more than twenty ask", async () => {
    await start();
    const known = google.mintAccessToken();
    expect((await send(known)).status).toBe(200);
    await google.setDown("tokenInfo", "slow", { ms: 20_000 });
    const before = google.requests().tokenInfo;
    const waiting = Promise.all(Array.from({ length: 60 }, () => send(google.mintAccessToken())));
    await eventually(() => google.requests().tokenInfo - before >= 20);
    const quick = await send(known);
    expect(quick.status).toBe(200);
    expect(quick.ms).toBeLessThan(1000);
    const answers = await waiting;
    for (const answer of answers) expectUnavailable(answer);
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(6000);
    expect(google.requests().tokenInfo - before).toBe(20);
  });

  test.each<[string, number, Record<string, string>, string, number]>([
    ["an answer without a scope", 200, {}, JSON.stringify({ azp: "x", exp: "9999999999" }), 401],
    ["an answer that is a page", 200, {}, "<html>sign in</html>", 401],
    ["a redirect", 302, { location: "/elsewhere" }, "", 503],
    ["too many requests", 429, {}, "{}", 503],
  ])("%s lets nobody in", async (_what, status, headers, body, expected) => {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? "");
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      await start({ tokenInfoUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tokeninfo` });
      expect((await send("ya29.some-token-0123456789")).status).toBe(expected);
      expect(paths).toEqual(["/tokeninfo"]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
