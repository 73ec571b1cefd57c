import { CauseError } from "../../errors.ts";
import type { HttpAnswer } from "../../net/http-request.ts";
import { expectTrusted } from "./discovery-document.ts";
import { expectNoRedirect, isSuccess, objectIn } from "./http.ts";
import { type ClientRequest, type IssuedToken, postAsClient } from "./token-endpoint.ts";
import { isJwt } from "./token-check.ts";

/** How a service answered to a token that was presented. */
interface Presented {
  readonly verdict: "accepted" | "rejected" | "neither";
  /** The endpoint and what it said, for messages. */
  readonly said: string;
}

export interface TamperingOptions extends ClientRequest {
  readonly issued: IssuedToken;
  readonly issuer: string;
  readonly endpointHosts: readonly string[];
  /** Base URL of the candidate, for a `checkUrl` that is a path. */
  readonly baseUrl: string;
}

/**
 * Presents the issued token, which the service must accept, and the same with a changed payload, which it must reject.
 *
 * @throws {CauseError} `TOKEN_REFUSED`, `TAMPERED_TOKEN_ACCEPTED`, `TAMPERING_UNCHECKED` (a warning), `ENDPOINT_FOREIGN`,
 *   `HTTP_REDIRECTED`; what the HTTP client throws.
 */
export async function expectTamperingRejected(options: TamperingOptions, tampered: string): Promise<void> {
  const present = presenter(options);
  if (present === undefined) {
    throw new CauseError(
      "TAMPERING_UNCHECKED",
      "the service has no introspection endpoint, no userinfo endpoint for this token, and no checkUrl is configured",
    );
  }
  const good = await present(options.issued.token);
  if (good.verdict !== "accepted")
    throw new CauseError("TOKEN_REFUSED", `the token issued a moment ago: ${good.said}`);
  const bad = await present(tampered);
  if (bad.verdict === "rejected") return;
  throw new CauseError("TAMPERED_TOKEN_ACCEPTED", `a token with a changed payload: ${bad.said}`);
}

/** The same token with another subject, or other characters where it is opaque; the signature is kept. */
export function tamper(token: string): string {
  if (!isJwt(token)) return token.replace(/.$/s, (last) => (last === "A" ? "B" : "A"));
  const [header = "", payload = "", signature = ""] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, unknown>;
  const changed = JSON.stringify({ ...claims, sub: "greenlight-tampered", admin: true });
  return `${header}.${Buffer.from(changed).toString("base64url")}.${signature}`;
}

function presenter(options: TamperingOptions): ((token: string) => Promise<Presented>) | undefined {
  const { client, document, issued, issuer, endpointHosts, baseUrl } = options;
  if (client.checkUrl !== undefined) {
    const url = checkUrlOf(client.checkUrl, baseUrl);
    expectTrusted(url, { issuer, endpointHosts: [...endpointHosts, new URL(baseUrl).hostname] });
    return (token) => asBearer(options, url, token);
  }
  const { introspectionEndpoint, userinfoEndpoint } = document;
  if (introspectionEndpoint !== undefined)
    return (token) => byIntrospection(options, introspectionEndpoint, token);
  // Userinfo refuses the best token without this scope (OpenID Connect Core 1.0, 5.3).
  if (userinfoEndpoint !== undefined && issued.scope.includes("openid"))
    return (token) => asBearer(options, userinfoEndpoint, token);
  return undefined;
}

const checkUrlOf = (checkUrl: string, baseUrl: string): URL =>
  checkUrl.startsWith("/") ? new URL(baseUrl + checkUrl) : new URL(checkUrl);

async function asBearer({ http, signal }: ClientRequest, url: URL, token: string): Promise<Presented> {
  const answer = await http.ask({ url, signal, headers: { authorization: `Bearer ${token}` } });
  expectNoRedirect(answer, url);
  return { verdict: verdictOf(answer), said: `${url.pathname} answered ${answer.status}` };
}

/** RFC 7662. */
async function byIntrospection(options: ClientRequest, url: URL, token: string): Promise<Presented> {
  const answer = await postAsClient(options, url, { token, token_type_hint: "access_token" });
  const active = objectIn(answer)?.["active"];
  const said = `${url.pathname} answered ${answer.status}${typeof active === "boolean" ? `, active: ${active}` : ""}`;
  if (!isSuccess(answer)) return { verdict: verdictOf(answer), said };
  return { verdict: active === true ? "accepted" : active === false ? "rejected" : "neither", said };
}

function verdictOf(answer: HttpAnswer): Presented["verdict"] {
  if (isSuccess(answer)) return "accepted";
  return [400, 401, 403].includes(answer.status) ? "rejected" : "neither";
}
