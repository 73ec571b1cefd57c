import type { IncomingHttpHeaders } from "node:http";
import { decodeJwt, type JWTPayload, jwtVerify } from "jose";
import { type Answer, OAuthError, uncached } from "./answer.ts";
import { authenticateClient } from "./client.ts";
import type { Issuer } from "./issuer.ts";

/** `POST /introspect` (RFC 7662): says of any token but a good one of ours that it is not active. Throws `OAuthError`. */
export async function introspect(
  issuer: Issuer,
  headers: IncomingHttpHeaders,
  form: ReadonlyMap<string, string>,
): Promise<Answer> {
  authenticateClient(issuer, headers, form);
  const token = form.get("token");
  if (token === undefined) {
    throw new OAuthError("invalid_request", "Expected the parameter token.");
  }
  const claims = await accepted(issuer, headers, token);
  return uncached(
    claims === undefined ? { active: false } : { active: true, token_type: "Bearer", ...claims },
  );
}

/** `GET /userinfo` (OpenID Connect Core 1.0, 5.3): takes the token as its bearer. */
export async function tellUser(issuer: Issuer, headers: IncomingHttpHeaders): Promise<Answer> {
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const claims = token === undefined ? undefined : await accepted(issuer, headers, token);
  if (claims !== undefined) {
    return uncached({ sub: claims.sub ?? "anybody" });
  }
  const error = token === undefined ? "" : ' error="invalid_token"';
  return {
    status: 401,
    body: { error: token === undefined ? "missing_token" : "invalid_token" },
    headers: { "www-authenticate": `Bearer${error}` },
  };
}

async function accepted(
  issuer: Issuer,
  headers: IncomingHttpHeaders,
  token: string,
): Promise<JWTPayload | undefined> {
  if (issuer.mode === "refuses-tokens") {
    return undefined;
  }
  if (issuer.config.mock || issuer.mode === "accepts-tampered") {
    return claimsOfAnything(token);
  }
  try {
    const { publicKey } = await issuer.signingKey();
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: ["RS256"],
      issuer: issuer.nameOf(headers),
      currentDate: new Date(issuer.now()),
    });
    return payload;
  } catch {
    return undefined;
  }
}

function claimsOfAnything(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}
