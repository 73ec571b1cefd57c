import { generateKeyPair, SignJWT } from "jose";
import { createHmac, createPublicKey, type JsonWebKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeGoogle, startGoogle } from "../../src/sandbox/google/google.ts";
import { serviceAccount } from "../../src/sandbox/google/identities.ts";
import { accountRule, bearer, googleAccess, userRule } from "../service/access.ts";
import { type Application, startApplication } from "../service/application.ts";
import { type Answer, ask } from "../service/ask.ts";

const AUDIENCE = "https://greenlight.example";
const env = { REDIS_URL: "redis://127.0.0.1:1/0" };
const rules = [
  userRule("Ann@Example.com"),
  accountRule(serviceAccount.email, "operator"),
  { member: { kind: "domain", domain: "corp.example" }, role: "reader" },
] as const;

let google: FakeGoogle;
let application: Application;
beforeAll(async () => {
  google = await startGoogle();
  application = await startApplication({
    env,
    observe: false,
    access: googleAccess({ ...google, clientIds: ["cli.apps.googleusercontent.com"] }, { rules }),
  });
});
afterAll(async () => {
  await application.close();
  await google.close();
});

const now = (): number => Math.floor(Date.now() / 1000);
const send = (token: string): Promise<Answer> => ask(`${application.url}/metrics`, bearer(token));

async function expectRefusal(token: string, status: number, code: string): Promise<Answer> {
  const answer = await send(token);
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.body).toMatchObject({
    detail: expect.stringMatching(/\w/),
    run: expect.stringMatching(/^(?:curl|gcloud|greenlight) /),
  });
  for (const part of token.split(".").filter((segment) => segment.length > 7)) {
    expect(answer.text, "a part of the token").not.toContain(part);
    expect(JSON.stringify([...answer.headers]), "a part of the token").not.toContain(part);
  }
  return answer;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token of Google's with another header, body or signature. */
async function altered(change: (parts: [string, string, string]) => readonly string[]): Promise<string> {
  const token = await google.mintIdToken();
  return change(token.split(".") as [string, string, string]).join(".");
}

describe("identity tokens that are good", () => {
  test.each<[string, Record<string, unknown>]>([
    ["a person's, made for gcloud", {}],
    ["with the address in other letters", { email: "ANN@example.COM" }],
    ["with the other spelling of the issuer", { iss: "accounts.google.com" }],
    ["a service account's, made for this service", { aud: AUDIENCE, email: serviceAccount.email }],
    ["of an organisation that is listed", { email: "bob@corp.example", hd: "corp.example" }],
    ["that ended within the leeway of the clocks", { exp: now() - 5 }],
  ])("%s", async (_what, claims) => {
    expect((await send(await google.mintIdToken(claims))).status).toBe(200);
  });
});

describe("identity tokens that are bad", () => {
  test.each<[string, number, string, Record<string, unknown>]>([
    ["expired", 401, "TOKEN_EXPIRED", { exp: now() - 60, iat: now() - 3660 }],
    ["not yet valid", 401, "TOKEN_NOT_YET_VALID", { nbf: now() + 600 }],
    ["made in the future", 401, "TOKEN_NOT_YET_VALID", { iat: now() + 600, exp: now() + 4200 }],
    ["made for somebody else", 401, "TOKEN_AUDIENCE", { aud: "https://other.example" }],
    ["from another issuer", 401, "TOKEN_ISSUER", { iss: "https://accounts.google.com.evil.example" }],
    ["made to live for two days", 401, "TOKEN_LIFETIME", { exp: now() + 48 * 3600 }],
    ["made two days ago", 401, "TOKEN_LIFETIME", { iat: now() - 48 * 3600 }],
    ["without an end", 401, "TOKEN_MALFORMED", { exp: undefined }],
    ["without an address", 401, "EMAIL_UNVERIFIED", { email: undefined }],
    ["with an address that is not verified", 401, "EMAIL_UNVERIFIED", { email_verified: false }],
    ["with a text where true is to be", 401, "EMAIL_UNVERIFIED", { email_verified: "yes" }],
    ["of somebody else", 403, "PRINCIPAL_NOT_ALLOWED", { email: "eve@example.com" }],
    [
      "with an address that ends like one on the list",
      403,
      "PRINCIPAL_NOT_ALLOWED",
      { email: "not-ann@example.com" },
    ],
    [
      "of a consumer with an address of the organisation",
      403,
      "PRINCIPAL_NOT_ALLOWED",
      { email: "eve@corp.example" },
    ],
    [
      "of another organisation",
      403,
      "PRINCIPAL_NOT_ALLOWED",
      { email: "eve@corp.example", hd: "evil.example" },
    ],
    [
      "with a Kelvin sign in the organisation",
      403,
      "PRINCIPAL_NOT_ALLOWED",
      { email: "e@x.example", hd: "corp.example\u212a" },
    ],
  ])("%s: %i %s", async (_what, status, code, claims) => {
    await expectRefusal(await google.mintIdToken(claims), status, code);
  });

  test("signed with another key that calls itself Google's", async () => {
    const genuine = await google.mintIdToken();
    const header = JSON.parse(Buffer.from(genuine.split(".")[0] ?? "", "base64url").toString()) as {
      kid: string;
    };
    const { privateKey } = await generateKeyPair("RS256");
    const forged = await new SignJWT({ ...claimsOf(genuine) })
      .setProtectedHeader({ alg: "RS256", kid: header.kid })
      .sign(privateKey);
    await expectRefusal(forged, 401, "TOKEN_SIGNATURE");
  });

  test("changed after it was signed", async () => {
    const token = await altered(([header, body, signature]) => [
      header,
      encode({ ...claimsOf(`.${body}.`), email: serviceAccount.email }),
      signature,
    ]);
    await expectRefusal(token, 401, "TOKEN_SIGNATURE");
  });

  test.each(["none", "None", "HS256", "ES256", "RS512", "PS256", undefined])("alg %s", async (alg) => {
    const token = await altered(([, body, signature]) => [
      encode({ alg, typ: "JWT" }),
      body,
      alg === "none" ? "" : signature,
    ]);
    await expectRefusal(token, 401, "TOKEN_ALGORITHM");
  });

  test.each(["pem", "jwk"] as const)("HS256, signed with the public key as %s", async (format) => {
    const { keys } = (await (await fetch(google.jwksUrl)).json()) as { keys: JsonWebKey[] };
    const [jwk = {}] = keys;
    const secret =
      format === "jwk"
        ? JSON.stringify(jwk)
        : createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
    const token = await altered(([, body]) => {
      const signed = `${encode({ alg: "HS256", kid: jwk.kid })}.${body}`;
      return [signed, createHmac("sha256", secret).update(signed).digest("base64url")];
    });
    await expectRefusal(token, 401, "TOKEN_ALGORITHM");
  });

  test("with a key of its own in the header", async () => {
    const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
    const { exportJWK } = await import("jose");
    const token = await new SignJWT({ ...claimsOf(await google.mintIdToken()) })
      .setProtectedHeader({ alg: "RS256", kid: "mine", jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    await expectRefusal(token, 401, "TOKEN_KEY_UNKNOWN");
  });

  test("with a signature that was removed", async () => {
    const token = await altered(([header, body]) => [header, body, "SIGNATURE_REMOVED_BY_GOOGLE"]);
    await expectRefusal(token, 401, "TOKEN_UNSIGNED");
    const elsewhere = await ask(`${application.url}/metrics`, {
      headers: { "x-serverless-authorization": `Bearer ${token}` },
    });
    expect(elsewhere.body.code).toBe("TOKEN_MISSING");
  });

  test.each([
    "eyJhbGciOiJSUzI1NiJ9",
    "eyJhbGciOiJSUzI1NiJ9..",
    "eyJ.eyJ.eyJ",
    "eyJhbGciOiJSUzI1NiJ9.e30.x.y.z",
  ])("%s is no token, and Google is not asked about it", async (token) => {
    const before = google.requests().tokenInfo;
    const answer = await send(token);
    expect(answer.body.code).toMatch(/^TOKEN_(?:MALFORMED|KEY_UNKNOWN)$/);
    expect(google.requests().tokenInfo).toBe(before);
  });
});

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;
}

describe("access tokens", () => {
  test.each<[string, Parameters<FakeGoogle["mintAccessToken"]>[0]]>([
    ["gcloud's", {}],
    ["of a client that is configured", { azp: "cli.apps.googleusercontent.com" }],
    [
      "a service account's own",
      { email: serviceAccount.email, azp: serviceAccount.uniqueId, sub: serviceAccount.uniqueId },
    ],
  ])("%s are accepted", async (_what, options) => {
    expect((await send(google.mintAccessToken(options))).status).toBe(200);
  });

  test.each<[string, number, string, Parameters<FakeGoogle["mintAccessToken"]>[0]]>([
    ["given to another application", 403, "TOKEN_CLIENT", { azp: "evil.apps.googleusercontent.com" }],
    [
      "given to another application, with gcloud as audience",
      403,
      "TOKEN_CLIENT",
      { azp: "evil.apps.googleusercontent.com", aud: "32555940559.apps.googleusercontent.com" },
    ],
    [
      "of another project's service account for a person",
      403,
      "TOKEN_CLIENT",
      { azp: "111111111111111111111" },
    ],
    [
      "of a service account for another",
      403,
      "TOKEN_CLIENT",
      { email: serviceAccount.email, azp: "111111111111111111111", sub: serviceAccount.uniqueId },
    ],
    ["without the right to see the address", 401, "EMAIL_UNVERIFIED", { scope: "openid" }],
    ["with an address that is not verified", 401, "EMAIL_UNVERIFIED", { emailVerified: false }],
    ["that has expired", 401, "TOKEN_UNKNOWN", { expiresIn: -10 }],
    ["of somebody else", 403, "PRINCIPAL_NOT_ALLOWED", { email: "eve@example.com" }],
    ["of a listed organisation's address", 403, "PRINCIPAL_NOT_ALLOWED", { email: "bob@corp.example" }],
  ])("one %s: %i %s", async (_what, status, code, options) => {
    await expectRefusal(google.mintAccessToken(options), status, code);
  });

  test("one that Google never made is 401", async () => {
    await expectRefusal("ya29.canary-that-nobody-made-0123456789", 401, "TOKEN_UNKNOWN");
  });

  test("an organisation is told by identity tokens alone, and the refusal says so", async () => {
    const { body } = await send(google.mintAccessToken({ email: "bob@corp.example", sub: "7" }));
    expect(body.detail).toContain("identity token");
  });

  test("many requests with one token, at once and after each other, ask Google once", async () => {
    const token = google.mintAccessToken();
    const before = google.requests().tokenInfo;
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    for (let index = 0; index < 10; index += 1) expect((await send(token)).status).toBe(200);
    expect(google.requests().tokenInfo - before).toBe(1);
  });

  test("a bad one that is repeated asks Google once too", async () => {
    const before = google.requests().tokenInfo;
    for (let index = 0; index < 10; index += 1)
      expect((await send("ya29.repeated-0123456789")).status).toBe(401);
    expect(google.requests().tokenInfo - before).toBe(1);
  });
});
