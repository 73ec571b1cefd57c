import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "./answer.ts";
import type { Issuer } from "./issuer.ts";
import { scopes } from "./token.ts";

const words: Partial<Record<Issuer["mode"], string>> = {
  degraded: "degraded",
  down: "down",
  "unknown-status": "perhaps",
};

/** `GET /health`. */
export function describeHealth({ config, mode }: Issuer): Answer {
  const service = mode === "wrong-service" ? "another-service" : config.service;
  return { status: 200, body: { status: words[mode] ?? "ok", service } };
}

/** `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0, 3; RFC 8414, 2). */
export function describeIssuer(issuer: Issuer, headers: IncomingHttpHeaders): Answer {
  const base = issuer.baseOf(headers);
  const credentials = issuer.mode === "foreign-endpoint" ? "https://elsewhere.example" : base;
  const methods = ["client_secret_basic", "client_secret_post"];
  const body = {
    issuer: issuer.nameOf(headers),
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${credentials}/token`,
    token_endpoint_auth_methods_supported: methods,
    jwks_uri: `${base}/jwks`,
    userinfo_endpoint: `${base}/userinfo`,
    introspection_endpoint: `${base}/introspect`,
    introspection_endpoint_auth_methods_supported: methods,
    scopes_supported: scopes,
    response_types_supported: ["code"],
    grant_types_supported: ["client_credentials"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    claims_supported: ["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope"],
    ...issuer.config.metadata,
  };
  return {
    status: 200,
    body: Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)),
  };
}

/** `GET /jwks` (RFC 7517, 5). */
export async function describeKeys(issuer: Issuer): Promise<Answer> {
  return { status: 200, body: issuer.config.mock ? { keys: [] } : await issuer.published() };
}
