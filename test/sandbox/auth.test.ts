import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { startAuth } from "../../src/sandbox/auth/auth.ts";
import { makeCertificates } from "../support/certificates.ts";
import { useDependency } from "../support/environment.ts";

const auth = await useDependency("auth");
const mock = await useDependency("auth-mock");
afterEach(() => auth.setMode("none"));

interface Reply {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

async function ask(path: string, init?: RequestInit, base = auth.url()): Promise<Reply> {
  const response = await fetch(`${base}${path}`, { redirect: "manual", ...init });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`,
});
const client = basic("greenlight", "sandbox-client-secret");

function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = client,
  base?: string,
) {
  return ask(path, { method: "POST", headers, body: new URLSearchParams(fields) }, base);
}

async function obtain(fields: Record<string, string> = {}): Promise<string> {
  const { status, body } = await post("/token", {
    grant_type: "client_credentials",
    audience: "greenlight",
    ...fields,
  });
  expect(status).toBe(200);
  return String(body.access_token);
}

const isActive = async (token: string): Promise<unknown> =>
  (await post("/introspect", { token })).body.active;

/** From the outside: what the discovery document says, and a token checked with nothing but the published keys. */
async function verify(token: string): ReturnType<typeof jwtVerify> {
  const { body } = await ask("/.well-known/openid-configuration");
  const keys = createRemoteJWKSet(new URL(String(body.jwks_uri)));
  return jwtVerify(token, keys, { issuer: String(body.issuer), audience: "greenlight", typ: "at+jwt" });
}

const tellUser = (value: string) => ask("/userinfo", { headers: { authorization: `Bearer ${value}` } });

function tampered(token: string): string {
  const [header, payload, signature = ""] = token.split(".");
  return [header, payload, `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`].join(".");
}

test("health names the service, and the discovery document the address it was asked at", async () => {
  expect((await ask("/health")).body).toEqual({ status: "ok", service: "sandbox-auth" });
  const { body } = await ask("/.well-known/openid-configuration");
  expect(body).toMatchObject({
    issuer: auth.url(),
    token_endpoint: `${auth.url()}/token`,
    jwks_uri: `${auth.url()}/jwks`,
    introspection_endpoint: `${auth.url()}/introspect`,
    id_token_signing_alg_values_supported: ["RS256"],
  });
  expect(auth.url()).not.toBe(auth.server.url());
});

test("a token is issued, verifies from outside, is active, and is not when tampered with", async () => {
  const token = await obtain({ scope: "read write" });
  const { payload } = await verify(token);
  expect(payload).toMatchObject({
    iss: auth.url(),
    sub: "greenlight",
    aud: "greenlight",
    client_id: "greenlight",
  });
  expect(payload.scope).toBe("read write");
  expect(payload).toHaveProperty("jti");
  expect(payload.exp).toBe(Number(payload.iat) + 300);
  expect(await isActive(token)).toBe(true);
  expect(await isActive(tampered(token))).toBe(false);
  expect(await isActive("nonsense")).toBe(false);
  expect(await tellUser(token)).toMatchObject({ status: 200, body: { sub: "greenlight" } });
  const refused = await tellUser(tampered(token));
  expect(refused.status).toBe(401);
  expect(refused.headers.get("www-authenticate")).toContain('error="invalid_token"');
});

test("a token from before a restart is foreign: the keys are new", async () => {
  const token = await obtain();
  await auth.restart();
  expect(await isActive(token)).toBe(false);
  await expect(verify(token)).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
});

test("the secret may come in the body", async () => {
  const fields = { client_id: "greenlight", client_secret: "sandbox-client-secret" };
  expect(await post("/token", { grant_type: "client_credentials", ...fields }, {})).toMatchObject({
    status: 200,
    body: { token_type: "Bearer", expires_in: 300 },
  });
});

const grant = { grant_type: "client_credentials" };
test.each<[string, Record<string, string>, Record<string, string>, number, string]>([
  ["an unknown secret", grant, basic("greenlight", "wrong"), 401, "invalid_client"],
  ["an unknown client", grant, basic("stranger", "sandbox-client-secret"), 401, "invalid_client"],
  ["no client", grant, {}, 401, "invalid_client"],
  ["two ways of authentication", { ...grant, client_secret: "a" }, client, 400, "invalid_request"],
  ["no grant type", {}, client, 400, "invalid_request"],
  ["another grant type", { grant_type: "password" }, client, 400, "unsupported_grant_type"],
  ["an unknown scope", { ...grant, scope: "everything" }, client, 400, "invalid_scope"],
])("the token endpoint refuses %s as RFC 6749 says", async (_what, fields, headers, status, error) => {
  const answer = await post("/token", fields, headers);
  expect(answer).toMatchObject({ status, body: { error } });
  expect(answer.headers.has("www-authenticate")).toBe(status === 401);
});

test("a body that is no form, and introspection by a stranger or of nothing, are refused", async () => {
  const init = { method: "POST", headers: { ...client, "content-type": "application/json" }, body: "{}" };
  expect(await ask("/token", init)).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  expect(await post("/introspect", { token: "a" }, {})).toMatchObject({ status: 401 });
  expect(await post("/introspect", {})).toMatchObject({ status: 400, body: { error: "invalid_request" } });
});

test("everything else is 404", async () => {
  expect(await ask("/nope")).toMatchObject({ status: 404, body: { error: "not_found" } });
  expect(await ask("/token")).toMatchObject({ status: 404 });
  expect(await ask("/health", { method: "DELETE" })).toMatchObject({ status: 404 });
});

const skew = async (): Promise<number> =>
  Date.parse((await ask("/health")).headers.get("date") ?? "") - Date.now();

/** What is seen of each mode; all of it is different without the mode. */
const seen: Record<string, () => Promise<unknown>> = {
  "wrong-issuer": async () => {
    const { body } = await ask("/.well-known/openid-configuration");
    return body.issuer !== auth.url() && decodeJwt(await obtain()).iss === body.issuer;
  },
  "foreign-endpoint": async () => {
    const { body } = await ask("/.well-known/openid-configuration");
    return !String(body.token_endpoint).startsWith(auth.url());
  },
  "rotated-key": async () => {
    const token = await obtain();
    const { keys } = (await ask("/jwks")).body as { keys: { kid: string }[] };
    return keys.length === 1 && keys[0]?.kid !== decodeProtectedHeader(token).kid && (await isActive(token));
  },
  "expired-key": async () => {
    const { keys } = (await ask("/jwks")).body as { keys: { exp?: number }[] };
    return keys.every(({ exp }) => exp !== undefined && exp * 1000 < Date.now());
  },
  "no-keys": async () => ((await ask("/jwks")).body.keys as object[]).length === 0,
  "leaks-private-key": async () => ((await ask("/jwks")).body.keys as object[]).some((key) => "d" in key),
  "client-rejected": async () => (await post("/token", grant)).status === 401,
  "wrong-audience": async () => decodeJwt(await obtain()).aud !== "greenlight",
  "expired-token": async () => Number(decodeJwt(await obtain()).exp) * 1000 < Date.now(),
  "accepts-tampered": async () => isActive(tampered(await obtain())),
  "refuses-tokens": async () => (await isActive(await obtain())) === false,
  "skewed-clock": async () => {
    const { iat } = decodeJwt(await obtain());
    return (await skew()) > 590_000 && Number(iat) * 1000 - Date.now() > 590_000;
  },
  degraded: async () => (await ask("/health")).body.status === "degraded",
  down: async () => (await ask("/health")).body.status === "down",
  "unknown-status": async () => (await ask("/health")).body.status === "perhaps",
  "wrong-service": async () => (await ask("/health")).body.service !== "sandbox-auth",
  redirects: async () => (await fetch(`${auth.url()}/health`, { redirect: "manual" })).status === 302,
  "answers-everything": async () => {
    const answers = await Promise.all([
      ask("/no-such-path"),
      ask("/health", { method: "DELETE" }),
      post("/token", {}),
    ]);
    return answers.every(({ status, body }) => status === 200 && body.status === "ok");
  },
};

test.each(Object.keys(seen))("the mode %s shows while it lasts, and is gone after it", async (mode) => {
  expect(auth.modes).toContain(mode);
  expect(await seen[mode]?.()).toBe(false);
  await auth.setMode(mode);
  expect(auth.mode).toBe(mode);
  expect(await seen[mode]?.()).toBe(true);
  await auth.setMode("none");
  expect(await seen[mode]?.()).toBe(false);
});

test("each mode of the service is tried here", () => {
  expect(Object.keys(seen).toSorted()).toEqual([...(auth.server.faults?.modes ?? [])].toSorted());
});

test("the clock can be ahead by as much as is asked", async () => {
  await auth.setMode("skewed-clock", { ms: 90_000 });
  const found = await skew();
  expect(found).toBeGreaterThan(80_000);
  expect(found).toBeLessThan(100_000);
});

test("modes of proxy and service take each other's place, and a restart takes back those of the service", async () => {
  await auth.setMode("degraded");
  await auth.setMode("latency", { ms: 1 });
  expect([auth.mode, auth.server.faults?.mode]).toEqual(["latency", "none"]);
  await auth.setMode("degraded");
  expect([auth.mode, auth.proxy.mode]).toEqual(["degraded", "none"]);
  await auth.restart();
  expect(auth.mode).toBe("none");
  expect((await ask("/health")).body.status).toBe("ok");
  await expect(auth.setMode("nope")).rejects.toMatchObject({ code: "USAGE" });
});

test("the mock accepts any client and any token, signs nothing, and says that it is one", async () => {
  const base = mock.url();
  expect((await ask("/health", {}, base)).body).toEqual({ status: "ok", service: "mock-auth" });
  const { body } = await post("/token", grant, basic("anyone", "anything"), base);
  expect(decodeProtectedHeader(String(body.access_token))).toEqual({ alg: "none" });
  expect((await post("/introspect", { token: "nonsense" }, {}, base)).body).toMatchObject({ active: true });
  expect(await ask("/nope", {}, base)).toMatchObject({ status: 404 });
  expect(mock.modes).toContain("degraded");
  expect(mock.modes).not.toContain("rotated-key");
});

test("it serves HTTPS, another issuer and another discovery document when asked", async () => {
  const certificates = await makeCertificates();
  onTestFinished(() => certificates.remove());
  const tls = await startAuth({ tls: certificates.valid });
  onTestFinished(() => tls.close());
  expect(tls.url()).toMatch(/^https:/);
  await expect(fetch(`${tls.url()}/health`)).rejects.toMatchObject({
    cause: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
  });
  const other = await startAuth({
    issuer: "https://issuer.example",
    metadata: { jwks_uri: "https://keys.example/jwks", userinfo_endpoint: null },
    service: "login",
  });
  onTestFinished(() => other.close());
  const { body } = await ask("/.well-known/openid-configuration", {}, other.url());
  expect(body).toMatchObject({ issuer: "https://issuer.example", jwks_uri: "https://keys.example/jwks" });
  expect(body).not.toHaveProperty("userinfo_endpoint");
  expect((await ask("/health", {}, other.url())).body.service).toBe("login");
});
