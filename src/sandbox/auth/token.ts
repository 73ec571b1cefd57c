import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { SignJWT, UnsecuredJWT } from "jose";
import { type Answer, OAuthError, uncached } from "./answer.ts";
import { authenticateClient } from "./client.ts";
import type { Issuer } from "./issuer.ts";

/** What a client may ask for. */
export const scopes: readonly string[] = ["openid", "profile", "email", "read", "write"];

const lifetimeSeconds = 300;

/** `POST /token`, for `client_credentials` (RFC 6749, 4.4): an access token as a JWT (RFC 9068). Throws `OAuthError`. */
export async function issueToken(
  issuer: Issuer,
  headers: IncomingHttpHeaders,
  form: ReadonlyMap<string, string>,
): Promise<Answer> {
  const client = authenticateClient(issuer, headers, form);
  const grant = form.get("grant_type");
  if (grant === undefined) {
    throw new OAuthError("invalid_request", "Expected the parameter grant_type.");
  }
  if (grant !== "client_credentials") {
    throw new OAuthError("unsupported_grant_type", "Expected the grant type client_credentials.");
  }
  const scope = grantedScope(issuer, form);
  const access_token = await sign(issuer, {
    iss: issuer.nameOf(headers),
    sub: client,
    aud: audience(issuer, headers, form),
    client_id: client,
    jti: randomUUID(),
    scope,
  });
  return uncached({ access_token, token_type: "Bearer", expires_in: lifetimeSeconds, scope });
}

async function sign(issuer: Issuer, claims: Record<string, unknown>): Promise<string> {
  const now = Math.floor(issuer.now() / 1000);
  const from = issuer.mode === "expired-token" ? now - 2 * lifetimeSeconds - 3600 : now;
  const payload = { ...claims, iat: from, exp: from + lifetimeSeconds };
  if (issuer.config.mock) {
    return new UnsecuredJWT(payload).encode();
  }
  const { kid, privateKey } = await issuer.signingKey();
  return new SignJWT(payload).setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid }).sign(privateKey);
}

function audience(issuer: Issuer, headers: IncomingHttpHeaders, form: ReadonlyMap<string, string>): string {
  if (issuer.mode === "wrong-audience") {
    return "another-audience";
  }
  return form.get("audience") ?? issuer.nameOf(headers);
}

function grantedScope(issuer: Issuer, form: ReadonlyMap<string, string>): string {
  const wanted = form.get("scope") ?? "read";
  if (!issuer.config.mock && !wanted.split(" ").every((each) => scopes.includes(each))) {
    throw new OAuthError("invalid_scope", `Expected scopes out of ${scopes.join(", ")}.`);
  }
  return wanted;
}
