import { createRemoteJWKSet, decodeJwt, importPKCS8, jwtVerify, SignJWT } from "jose";
import { OAuth2Client } from "google-auth-library";
import { afterAll, afterEach, expect, test } from "vitest";
import { startGoogle } from "../../src/sandbox/google/google.ts";
import { gcloudClientId, person, project, serviceAccount } from "../../src/sandbox/google/identities.ts";
import { eventually } from "../support/wait.ts";

const google = await startGoogle();
afterAll(() => google.close());
afterEach(async () => {
  for (const part of ["jwks", "tokenInfo", "metadata", "token"] as const) await google.setDown(part, "up");
});

const audience = "https://greenlight.example";

function verify(token: string): ReturnType<typeof jwtVerify> {
  const keys = createRemoteJWKSet(new URL(google.jwksUrl));
  return jwtVerify(token, keys, { issuer: "https://accounts.google.com", audience });
}

async function metadata(path: string, headers: Record<string, string> = { "metadata-flavor": "Google" }) {
  const response = await fetch(`http://${google.metadataHost}/computeMetadata/v1/${path}`, { headers });
  return {
    status: response.status,
    flavor: response.headers.get("metadata-flavor"),
    text: await response.text(),
  };
}

async function token(
  fields: Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(google.tokenUrl, { method: "POST", body: new URLSearchParams(fields) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("an ID token verifies against the published keys, and claims can be replaced or left out", async () => {
  const { payload, protectedHeader } = await verify(
    await google.mintIdToken({ aud: audience, hd: "example.com" }),
  );
  expect(payload).toMatchObject({
    email: person.email,
    email_verified: true,
    hd: "example.com",
    azp: gcloudClientId,
  });
  expect(protectedHeader).toMatchObject({ alg: "RS256", typ: "JWT" });
  const bare = decodeJwt(await google.mintIdToken({ email: undefined, exp: 1 }));
  expect(bare).toMatchObject({ exp: 1 });
  expect(bare).not.toHaveProperty("email");
});

test("the keys may be cached, and a rotation keeps the one before unless told otherwise", async () => {
  const old = await google.mintIdToken({ aud: audience });
  const response = await fetch(google.jwksUrl);
  expect(response.headers.get("cache-control")).toContain("max-age=");
  expect(await response.json()).toEqual({
    keys: [expect.objectContaining({ kty: "RSA", alg: "RS256", use: "sig", kid: expect.any(String) })],
  });
  await google.rotateKeys();
  await verify(old);
  await verify(await google.mintIdToken({ aud: audience }));
  await google.rotateKeys({ keep: false });
  await expect(verify(old)).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
});

test("tokeninfo tells texts about a token it knows, as Google's own library reads them", async () => {
  const minted = google.mintAccessToken({ email: "bob@example.com" });
  expect(minted).toMatch(/^ya29\./);
  const response = await fetch(google.tokenInfoUrl, {
    method: "POST",
    headers: { authorization: `Bearer ${minted}` },
  });
  const info = (await response.json()) as Record<string, unknown>;
  expect(info).toMatchObject({ aud: gcloudClientId, email: "bob@example.com", email_verified: "true" });
  expect(Object.values(info).every((value) => typeof value === "string")).toBe(true);
  const client = new OAuth2Client({ endpoints: { tokenInfoUrl: google.tokenInfoUrl } });
  expect(await client.getTokenInfo(minted)).toMatchObject({ scopes: expect.arrayContaining(["openid"]) });
});

test("a token without the scope has no e-mail; an expired or unknown one is invalid", async () => {
  const ask = async (bearer: string) => {
    const headers = { authorization: `Bearer ${bearer}` };
    const response = await fetch(google.tokenInfoUrl, { method: "POST", headers });
    return { status: response.status, body: await response.json() };
  };
  expect((await ask(google.mintAccessToken({ scope: "openid" }))).body).not.toHaveProperty("email");
  const invalid = { status: 400, body: { error: "invalid_token", error_description: "Invalid Value" } };
  expect(await ask(google.mintAccessToken({ expiresIn: -1 }))).toEqual(invalid);
  expect(await ask("ya29.unknown")).toEqual(invalid);
  expect(await ask(await google.mintIdToken())).toEqual(invalid);
});

test("the metadata server answers only those who say they mean it", async () => {
  expect(await metadata("project/project-id")).toEqual({ status: 200, flavor: "Google", text: project.id });
  expect(await metadata("project/project-id", {})).toMatchObject({ status: 403 });
  expect(
    await metadata("project/project-id", { "metadata-flavor": "Google", "x-forwarded-for": "10.0.0.1" }),
  ).toMatchObject({ status: 403 });
  expect(await metadata("universe/universe-domain")).toMatchObject({ status: 404, flavor: "Google" });
  expect(await metadata("instance/service-accounts/other/email")).toMatchObject({ status: 404 });
  expect((await metadata("instance/service-accounts/default/email")).text).toBe(serviceAccount.email);
});

test("the metadata server makes access tokens and ID tokens for its service account", async () => {
  const access = JSON.parse((await metadata("instance/service-accounts/default/token")).text) as {
    access_token: string;
  };
  expect(access).toMatchObject({ token_type: "Bearer", expires_in: 3599 });
  const response = await fetch(google.tokenInfoUrl, {
    method: "POST",
    headers: { authorization: `Bearer ${access.access_token}` },
  });
  expect(await response.json()).toMatchObject({ email: serviceAccount.email, azp: serviceAccount.uniqueId });
  const identity = "instance/service-accounts/default/identity";
  const full = await metadata(`${identity}?audience=${encodeURIComponent(audience)}&format=full`);
  expect((await verify(full.text)).payload).toMatchObject({
    email: serviceAccount.email,
    email_verified: true,
  });
  const standard = await metadata(`${identity}?audience=${encodeURIComponent(audience)}`);
  expect(decodeJwt(standard.text)).not.toHaveProperty("email");
  expect(await metadata(identity)).toMatchObject({ status: 400 });
});

test("a refresh token gives an access token and an ID token for gcloud", async () => {
  const { client_id, client_secret, refresh_token } = google.authorizedUser();
  const fields = {
    grant_type: "refresh_token",
    client_id: client_id ?? "",
    client_secret: client_secret ?? "",
    refresh_token: refresh_token ?? "",
  };
  const { status, body } = await token(fields);
  expect(status).toBe(200);
  expect(body.access_token).toMatch(/^ya29\./);
  expect(decodeJwt(String(body.id_token))).toMatchObject({ aud: gcloudClientId, email: person.email });
  expect(await token({ ...fields, refresh_token: "1//revoked" })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
  expect(await token({ ...fields, client_secret: "wrong" })).toMatchObject({ status: 401 });
  expect(await token({ grant_type: "password" })).toMatchObject({
    body: { error: "unsupported_grant_type" },
  });
});

test("an assertion signed by the service account's key gives an ID token or an access token", async () => {
  const key = await google.serviceAccountKey();
  const privateKey = await importPKCS8(key.private_key ?? "", "RS256");
  const grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  const exchange = async (claims: Record<string, unknown>) => {
    const assertion = await new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256" })
      .setIssuer(key.client_email ?? "")
      .setAudience(google.tokenUrl)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(privateKey);
    return token({ grant_type, assertion });
  };
  const { body } = await exchange({ target_audience: audience });
  expect(decodeJwt(String(body.id_token))).toMatchObject({ aud: audience, email: serviceAccount.email });
  expect((await exchange({ scope: "openid email" })).body).toMatchObject({ token_type: "Bearer" });
  expect(await exchange({})).toMatchObject({ status: 400, body: { error: "invalid_scope" } });
  expect(await token({ grant_type, assertion: await google.mintIdToken() })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
});

test("each part can be down by itself, and requests are counted", async () => {
  const before = google.requests();
  await google.setDown("tokenInfo", "refuse");
  // A connection kept from before is closed first.
  await eventually(() =>
    expect(fetch(google.tokenInfoUrl)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } }),
  );
  expect((await fetch(google.jwksUrl)).status).toBe(200);
  await google.setDown("jwks", "error500");
  expect((await fetch(google.jwksUrl)).status).toBe(500);
  await google.setDown("jwks", "slow", { ms: 60_000 });
  await expect(fetch(google.jwksUrl, { signal: AbortSignal.timeout(50) })).rejects.toThrow("timeout");
  await google.setDown("tokenInfo", "up");
  expect((await fetch(google.tokenInfoUrl)).status).toBe(400);
  const after = google.requests();
  expect({ jwks: after.jwks - before.jwks, tokenInfo: after.tokenInfo - before.tokenInfo }).toEqual({
    jwks: 3,
    tokenInfo: 1,
  });
});
