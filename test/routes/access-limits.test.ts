import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { bearer, tokenAccess, tokenRule } from "../service/access.ts";
import { type Application, startApplication } from "../service/application.ts";
import { type Answer, ask } from "../service/ask.ts";

const ANN = "canary-ann-0123456789abcdef";
const BOB = "canary-bob-0123456789abcdef";
const env = { REDIS_URL: "redis://127.0.0.1:1/0" };
const access = tokenAccess({
  rules: [tokenRule("ann", ANN), tokenRule("bob", BOB)],
  public: "verdict",
  limits: { perPrincipal: 4, perAddress: 2 },
  trustedProxies: 1,
});

/** Stands still unless it is moved, so that the bucket fills when the test says so. */
const clock = { at: Date.now(), now: () => clock.at, monotonic: () => performance.now() };

const running: Application[] = [];
afterAll(() => Promise.all(running.map((application) => application.close())));
let url = "";
beforeEach(async () => {
  const application = await startApplication({ env, observe: false, access, clock });
  running.push(application);
  url = application.url;
});

const from = (address: string, token?: string): Promise<Answer> =>
  ask(`${url}/metrics`, {
    headers: { "x-forwarded-for": address, ...(token === undefined ? {} : bearer(token).headers) },
  });

const anonymous = (): Promise<Answer> =>
  ask(`${url}/health`, { headers: { "x-forwarded-for": "192.0.2.3" } });

const many = async (count: number, send: () => Promise<Answer>): Promise<number[]> => {
  const statuses: number[] = [];
  for (let index = 0; index < count; index += 1) statuses.push((await send()).status);
  return statuses;
};

describe("a principal", () => {
  test("has a burst of two seconds, then 429 with Retry-After, and more when time has passed", async () => {
    expect(await many(8, () => from("192.0.2.1", ANN))).toEqual(Array.from({ length: 8 }, () => 200));
    const refused = await from("192.0.2.1", ANN);
    expect({ status: refused.status, code: refused.body.code }).toEqual({
      status: 429,
      code: "RATE_LIMITED",
    });
    expect(refused.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.headers.get("ratelimit-policy")).toBe('"principal";q=8;w=2');
    expect(refused.headers.get("ratelimit")).toBe('"principal";r=0;t=1');
    clock.at += 500;
    expect(await many(3, () => from("192.0.2.1", ANN))).toEqual([200, 200, 429]);
  });

  test("is the same from everywhere, and another one is not held up", async () => {
    await many(9, () => from("192.0.2.1", ANN));
    expect((await from("192.0.2.77", ANN)).status).toBe(429);
    expect((await from("192.0.2.1", BOB)).status).toBe(200);
  });
});

describe("an address", () => {
  test("that sends wrong tokens gets 429, also for a right one it had not used before", async () => {
    expect(await many(5, () => from("192.0.2.1", "wrong-token"))).toEqual([401, 401, 401, 401, 429]);
    expect((await from("192.0.2.1", `${ANN}x`)).status).toBe(429);
    expect((await from("192.0.2.1", ANN)).status).toBe(429);
    expect((await from("192.0.2.2", ANN)).status).toBe(200);
    // Remembered now, so nothing has to be checked for it.
    expect((await from("192.0.2.1", ANN)).status).toBe(200);
  });

  test("without a token is counted, refused or not, and says so", async () => {
    const first = await anonymous();
    expect(first.text).toBe('{"status":"fail"}');
    expect(first.headers.get("ratelimit")).toBe('"address";r=3;t=1');
    expect(await many(4, anonymous)).toEqual([503, 503, 503, 429]);
  });

  test("is the entry that the trusted proxy wrote: what a caller writes before it changes nothing", async () => {
    let round = 0;
    const forged = (): Promise<Answer> => from(`198.51.100.${(round += 1)}, 192.0.2.4`);
    expect(await many(5, forged)).toEqual([401, 401, 401, 401, 429]);
  });

  test("of IPv6 counts by its network", async () => {
    let round = 0;
    const next = (): Promise<Answer> => from(`2001:db8:0:1::${(round += 1)}`);
    expect(await many(5, next)).toEqual([401, 401, 401, 401, 429]);
    expect((await from("2001:db8:0:2::1")).status).toBe(401);
  });

  test("that is refused everything still has live, ready and startup", async () => {
    await many(5, () => from("192.0.2.5"));
    for (const name of ["live", "ready", "startup"]) {
      const { status } = await ask(`${url}/health/${name}`, { headers: { "x-forwarded-for": "192.0.2.5" } });
      expect(status).toBe(200);
    }
  });
});

test("refused requests are counted by their code", async () => {
  await many(5, () => from("192.0.2.6"));
  await from("192.0.2.7", "wrong-token");
  const { text } = await from("192.0.2.8", BOB);
  expect(text).toContain('greenlight_refused_requests_total{code="TOKEN_MISSING"} 4\n');
  expect(text).toContain('greenlight_refused_requests_total{code="RATE_LIMITED"} 1\n');
  expect(text).toContain('greenlight_refused_requests_total{code="TOKEN_UNKNOWN"} 1\n');
  expect(text).not.toMatch(/canary|192\.0\.2/);
});
