import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, test } from "vitest";
import { type KeySet, readKeys } from "../../../../services/dependencies/auth/jwks.ts";
import { tamper } from "../../../../services/dependencies/auth/tampering.ts";
import { isJwt, verifyToken } from "../../../../services/dependencies/auth/token-check.ts";
import { CauseError } from "../../../../services/errors.ts";

const now = Date.parse("2026-11-22T00:00:00Z");
const seconds = now / 1000;
const issuer = "https://auth.example";
const pair = await generateKeyPair("RS256", { extractable: true });
const other = await generateKeyPair("RS256", { extractable: true });
const curve = await generateKeyPair("ES256", { extractable: true });
const jwk: JWK = { ...(await exportJWK(pair.publicKey)), kid: "one", use: "sig", alg: "RS256" };
const curveJwk: JWK = { ...(await exportJWK(curve.publicKey)), kid: "two" };

const keysOf = (keys: unknown, status = 200): Promise<KeySet> =>
  readKeys({ status, headers: {}, body: JSON.stringify({ keys }) }, { at: "/jwks", now });

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return undefined;
  expect(error).toBeInstanceOf(CauseError);
  expect((error as Error).message).not.toMatch(/eyJ/);
  return (error as CauseError).code;
}

describe("readKeys", () => {
  test("takes keys that can verify, and leaves the others out", async () => {
    const encryption = { ...jwk, kid: "enc", use: "enc" };
    const unknown = { kty: "XYZ", kid: "future" };
    expect((await keysOf([encryption, unknown, jwk, curveJwk])).keys.map(({ kid }) => kid)).toEqual([
      "one",
      "two",
    ]);
  });

  test.each<[string, unknown]>([
    ["an empty set", []],
    ["no list", {}],
    ["keys for encryption alone", [{ ...jwk, use: "enc" }]],
    ["a key that signs and does not verify", [{ ...jwk, key_ops: ["sign"] }]],
    ["a symmetric algorithm", [{ ...jwk, alg: "HS256" }]],
    ["a broken key", [{ ...jwk, n: "AQAB" }]],
    ["what is no key", [null, 1, "x", []]],
  ])("%s is JWKS_INVALID", async (_what, keys) => {
    expect(await codeOf(keysOf(keys))).toBe("JWKS_INVALID");
  });

  test.each(["d", "p", "q", "dp", "dq", "qi", "k"])("a key with %s is JWKS_PRIVATE_KEY", async (member) => {
    expect(await codeOf(keysOf([jwk, { ...curveJwk, [member]: "AQAB" }]))).toBe("JWKS_PRIVATE_KEY");
  });

  test("keys whose end has passed are left out, and all of them are JWKS_EXPIRED_KEY", async () => {
    const ended = { ...jwk, exp: seconds - 1 };
    expect(await codeOf(keysOf([ended]))).toBe("JWKS_EXPIRED_KEY");
    const set = await keysOf([ended, curveJwk]);
    expect(set.keys.map(({ kid }) => kid)).toEqual(["two"]);
    expect([...set.expired]).toEqual(["one"]);
  });

  test("another status is JWKS_INVALID, and any body is keys or a cause", async () => {
    expect(await codeOf(keysOf([jwk], 404))).toBe("JWKS_INVALID");
    await fc.assert(
      fc.asyncProperty(fc.json(), async (body) => {
        expect(await codeOf(readKeys({ status: 200, headers: {}, body }, { at: "/jwks", now }))).toMatch(
          /^JWKS_/,
        );
      }),
    );
  });
});

const verify = async (token: string, keys?: KeySet): Promise<string | undefined> =>
  codeOf(
    verifyToken({
      token,
      keys: keys ?? (await keysOf([jwk, curveJwk])),
      issuer,
      audience: "suite",
      now,
      toleranceMs: 60_000,
    }),
  );

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("verifyToken", () => {
  const sign = (claims: Record<string, unknown> = {}, header: { kid?: string } = { kid: "one" }) =>
    new SignJWT({ iss: issuer, aud: "suite", exp: seconds + 300, sub: "greenlight", ...claims })
      .setProtectedHeader({ alg: "RS256", ...header })
      .sign(pair.privateKey);
  test("takes a good one, without a key's name too", async () => {
    expect(await verify(await sign())).toBeUndefined();
    expect(await verify(await sign({}, {}))).toBeUndefined();
    const { kid: _one, ...first } = jwk;
    const second = { ...(await exportJWK(other.publicKey)), alg: "RS256" };
    const set = await keysOf([second, first]);
    expect(await verify(await sign({}, {}), set), "of several keys any may have signed").toBeUndefined();
  });

  test.each<[string, Record<string, unknown>]>([
    ["another issuer", { iss: "https://evil.example" }],
    ["no issuer", { iss: undefined }],
    ["another audience", { aud: "another" }],
    ["no audience", { aud: undefined }],
    ["an end that has passed", { exp: seconds - 61 }],
    ["no end", { exp: undefined }],
    ["a beginning to come", { nbf: seconds + 61 }],
  ])("%s is TOKEN_INVALID", async (_what, claims) => {
    expect(await verify(await sign(claims))).toBe("TOKEN_INVALID");
  });

  test("times within the tolerance hold", async () => {
    expect(await verify(await sign({ exp: seconds - 30, nbf: seconds + 30 }))).toBeUndefined();
  });

  test("a key that is not published is SIGNING_KEY_UNKNOWN, one that has ended JWKS_EXPIRED_KEY", async () => {
    expect(await verify(await sign({}, { kid: "three" }))).toBe("SIGNING_KEY_UNKNOWN");
    const set = await keysOf([{ ...jwk, exp: seconds - 1 }, curveJwk]);
    expect(await verify(await sign(), set)).toBe("JWKS_EXPIRED_KEY");
  });

  test("alg none, and HMAC with the public key, are refused", async () => {
    const claims = { iss: issuer, aud: "suite", exp: seconds + 300 };
    expect(await verify(new UnsecuredJWT(claims).encode())).toBe("TOKEN_INVALID");
    const text = `${encode({ alg: "HS256", kid: "one" })}.${encode(claims)}`;
    const spki = await exportSPKI(pair.publicKey);
    const mac = createHmac("sha256", spki).update(text).digest("base64url");
    expect(await verify(`${text}.${mac}`)).toBe("TOKEN_INVALID");
  });

  test("a tampered one never verifies, and neither does anything else", async () => {
    const token = await sign();
    const keys = await keysOf([jwk]);
    expect(await verify(tamper(token), keys)).toBe("TOKEN_INVALID");
    const [header, payload] = token.split(".");
    expect(await verify(`${header}.${payload}.`, keys)).toBe("TOKEN_INVALID");
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await verify(text, keys)).toBe("TOKEN_INVALID");
      }),
    );
  });
});

describe("tamper", () => {
  test("keeps header and signature, and changes the payload", async () => {
    const token = await new SignJWT({ sub: "a" }).setProtectedHeader({ alg: "RS256" }).sign(pair.privateKey);
    const [before, after] = [token, tamper(token)].map((each) => each.split("."));
    expect([after?.[0], after?.[2]]).toEqual([before?.[0], before?.[2]]);
    expect(after?.[1]).not.toBe(before?.[1]);
    expect(isJwt(tamper(token))).toBe(true);
  });

  test("what looks like a JWT is judged as one, and Google's opaque tokens are not", async () => {
    const token = await new SignJWT({ sub: "a" }).setProtectedHeader({ alg: "RS256" }).sign(pair.privateKey);
    const padded = token
      .split(".")
      .map((part) => `${part}=`)
      .join(".");
    expect([token, padded].map(isJwt)).toEqual([true, true]);
    expect(["ya29.c.b0Aaek", "opaque", "a.b.c", "..", ""].map(isJwt)).toEqual(
      Array.from({ length: 5 }, () => false),
    );
  });

  test("changes any opaque token, and keeps its length", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme-ascii" }), (token) => {
        fc.pre(!isJwt(token));
        expect(tamper(token)).not.toBe(token);
        expect(tamper(token)).toHaveLength(token.length);
      }),
    );
  });
});
