import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeGoogle, startGoogle } from "../../src/sandbox/google/google.ts";
import { bearer, sha256 } from "./access.ts";
import { ask } from "./ask.ts";
import { residentMiB, spawnReady } from "./spawned.ts";

const AUDIENCE = "https://greenlight.example";
let google: FakeGoogle;
beforeAll(async () => {
  google = await startGoogle();
});
afterAll(() => google.close());

const env = (more: Record<string, string>): Record<string, string> => ({
  REDIS_URL: "redis://127.0.0.1:1/0",
  LOG_LEVEL: "debug",
  GREENLIGHT_ACCESS_LIMITS_PER_PRINCIPAL: "1000",
  ...more,
});

const googleEnv = (): Record<string, string> =>
  env({
    GREENLIGHT_ACCESS_MODE: "google",
    GREENLIGHT_ACCESS_READERS: "user:ann@example.com",
    GREENLIGHT_ACCESS_AUDIENCES: AUDIENCE,
    GREENLIGHT_ACCESS_JWKS_URL: google.jwksUrl,
    GREENLIGHT_ACCESS_TOKEN_INFO_URL: google.tokenInfoUrl,
    GREENLIGHT_ACCESS_TRUSTED_PROXIES: "1",
  });

describe("the process in mode google", () => {
  test("shows no part of any token, in no answer and no log, whatever is sent and whoever is down", async () => {
    const server = await spawnReady({ env: googleEnv() });
    const answers: string[] = [];
    const send = async (token: string): Promise<number> => {
      const answer = await ask(`${server.url}/health?secret=canary-query`, bearer(token));
      answers.push(answer.text, JSON.stringify([...answer.headers]));
      return answer.status;
    };
    const seconds = Math.floor(Date.now() / 1000);
    const tokens = [
      await google.mintIdToken({ jti: "canary-claim" }),
      await google.mintIdToken({ aud: "https://canary-audience.example" }),
      await google.mintIdToken({ exp: seconds - 100, iat: seconds - 3700 }),
      await google.mintIdToken({}, { kid: "canary-key-id" }),
      `${await google.mintIdToken()}x`,
      google.mintAccessToken(),
      google.mintAccessToken({ azp: "canary-client.apps.googleusercontent.com" }),
      "ya29.canary-opaque-0123456789",
      "canary-static-0123456789",
    ];
    for (const token of tokens) await send(token);
    for (const mode of ["error500", "refuse"] as const) {
      await Promise.all([google.setDown("jwks", mode), google.setDown("tokenInfo", mode)]);
      expect(await send("ya29.canary-while-google-is-away")).toBe(503);
      await send(await google.mintIdToken({ jti: "canary-later" }, { kid: "canary-key-id-2" }));
    }
    await Promise.all([google.setDown("jwks", "up"), google.setDown("tokenInfo", "up")]);
    server.child.kill("SIGTERM");
    expect((await server.ended()).end).toBe(0);
    const seen = [server.stdout(), server.stderr(), ...answers].join("\n");
    expect(seen).not.toMatch(/canary|eyJ|ya29\./);
    for (const segment of tokens.flatMap((token) => token.split("."))) {
      if (segment.length > 7) expect(seen).not.toContain(segment);
    }
    expect(server.stderr()).toBe("");
  });

  test("a flood of bad tokens from many addresses: the good are served, Google is asked little, memory stays", async () => {
    const server = await spawnReady({ env: googleEnv() });
    const good = [await google.mintIdToken(), google.mintAccessToken()];
    const serve = async (): Promise<void> => {
      for (const token of good) expect((await ask(`${server.url}/metrics`, bearer(token))).status).toBe(200);
    };
    await serve();
    const before = google.requests();
    const started = performance.now();
    let sent = 0;
    const flood = async (count: number): Promise<Record<string, number>> => {
      const codes: Record<string, number> = {};
      const one = async (): Promise<void> => {
        while (sent < count) {
          sent += 1;
          const token =
            sent % 2 === 0 ? `ya29.bad-${sent}-${"x".repeat(900)}` : `eyJhbGciOiJub25lIn0.e30.${sent}`;
          const headers = {
            ...bearer(token).headers,
            "x-forwarded-for": `192.0.${(sent >> 8) & 255}.${sent & 255}`,
          };
          const { body } = await ask(`${server.url}/health`, { headers });
          codes[body.code ?? "none"] = (codes[body.code ?? "none"] ?? 0) + 1;
        }
      };
      await Promise.all(Array.from({ length: 40 }, one));
      return codes;
    };
    await flood(1000);
    const residentBefore = residentMiB(server.child.pid ?? 0);
    const flooding = flood(4000);
    await serve();
    const codes = await flooding;
    await serve();
    expect(Object.keys(codes).filter((code) => !EXPECTED.has(code))).toEqual([]);
    const asked = google.requests().tokenInfo - before.tokenInfo;
    const seconds = (performance.now() - started) / 1000;
    expect(asked, "tokens that Google was asked about").toBeLessThanOrEqual(250 + seconds * 50);
    expect(google.requests().jwks - before.jwks).toBe(0);
    expect(residentMiB(server.child.pid ?? 0) - residentBefore, "MiB").toBeLessThan(60);
  });
});

const EXPECTED = new Set(["TOKEN_UNKNOWN", "TOKEN_ALGORITHM", "TOKEN_CHECK_UNAVAILABLE", "RATE_LIMITED"]);

test("in mode token curl with the token gets detail, without it the verdict, and neither is logged", async () => {
  const token = "canary-static-token-0123456789";
  const server = await spawnReady({
    env: env({
      GREENLIGHT_ACCESS_MODE: "token",
      GREENLIGHT_ACCESS_PUBLIC: "verdict",
      GREENLIGHT_ACCESS_READERS: `token:ci:${sha256(token)}`,
    }),
  });
  expect((await ask(`${server.url}/health`)).text).toBe('{"status":"fail"}');
  expect((await ask(`${server.url}/health`, bearer(token))).text).toContain("redis:responseTime");
  expect((await ask(`${server.url}/health`, bearer(`${token}x`))).status).toBe(401);
  expect(server.stdout() + server.stderr()).not.toMatch(/canary|token:ci/);
});
