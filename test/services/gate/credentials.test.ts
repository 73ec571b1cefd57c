import * as fc from "fast-check";
import { expect, test } from "vitest";
import { judgeCredentials } from "../../../services/gate/credentials.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (claims: unknown): string => `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmF0dXJl`;

function judge(token: string | undefined, expectedMs = 20 * MINUTE) {
  const suite = { credentials: [{ variable: "E2E_TOKEN" }], expectedMs };
  return judgeCredentials({ suite, read: (name) => (name === "E2E_TOKEN" ? token : undefined), now: NOW });
}

const inMs = (ms: number): number => (NOW + ms) / 1000;

test("a token that lives as long as the suite takes is good, and one second less is not", () => {
  expect(judge(jwt({ exp: inMs(20 * MINUTE) }))).toEqual([]);
  expect(judge(jwt({ exp: inMs(20 * MINUTE) - 1 }))).toMatchObject([
    {
      code: "CREDENTIAL",
      effect: "blocks",
      curable: false,
      message: "The suite's credential E2E_TOKEN expires in 19m, and the suite is expected to take 20m.",
    },
  ]);
});

test.each([
  { what: "nothing", token: undefined, says: "is not set" },
  { what: "an empty variable", token: "", says: "is not set" },
  { what: "a static token", token: "canary-static-token", says: "holds no JWT" },
  { what: "two parts", token: `${part({})}.${part({})}`, says: "holds no JWT" },
  { what: "parts that are no JSON", token: "canary.canary.canary", says: "holds no JWT" },
  { what: "claims that are a list", token: jwt([1]), says: "holds no JWT" },
  { what: "a line break behind it", token: `${jwt({ exp: inMs(60 * MINUTE) })}\n`, says: "holds no JWT" },
  { what: "no expiry", token: jwt({ sub: "canary" }), says: "does not say when it expires" },
  { what: "an expiry in words", token: jwt({ exp: "tomorrow" }), says: "does not say when it expires" },
  { what: "an expired token", token: jwt({ exp: inMs(-90_000) }), says: "expired 90s ago" },
])("$what is told, without what the variable holds", ({ token, says }) => {
  const [reason] = judge(token);
  expect(reason?.message).toContain(says);
  expect(reason?.message).not.toContain("canary");
  if (token) expect(reason?.message).not.toContain(token);
});

test("whatever a variable holds: it is good exactly when it is a JWT that lives long enough, and is never shown", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.nat(1e6), (leftSeconds, expectedSeconds) => {
      const token = jwt({ exp: NOW / 1000 + leftSeconds });
      const reasons = judge(token, expectedSeconds * 1000);
      expect(reasons.length === 0).toBe(leftSeconds > 0 && leftSeconds >= expectedSeconds);
      for (const { message } of reasons) expect(message).not.toContain(token);
    }),
  );
  fc.assert(
    fc.property(fc.string({ minLength: 12 }), (text) => {
      for (const { message } of judge(text)) expect(message).not.toContain(text);
      expect(judge(text).length).toBe(1);
    }),
  );
});
