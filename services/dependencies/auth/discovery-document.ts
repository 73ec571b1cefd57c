import { CauseError } from "../../errors.ts";
import type { HttpAnswer } from "../../net/http-request.ts";
import { type AuthHttp, expectNoRedirect, objectIn } from "./http.ts";

/** What is used of a discovery document (OpenID Connect Discovery 1.0, 3), checked. */
export interface DiscoveryDocument {
  /** As the service spells it: what its tokens carry. */
  readonly issuer: string;
  readonly jwksUri: URL;
  readonly tokenEndpoint: URL | undefined;
  readonly introspectionEndpoint: URL | undefined;
  readonly userinfoEndpoint: URL | undefined;
  /** Default by the standard: `client_secret_basic`. */
  readonly tokenAuthMethods: readonly string[];
}

export interface TrustedHosts {
  /** The configured one; its scheme and host are what endpoints are compared with. */
  readonly issuer: string;
  readonly endpointHosts: readonly string[];
}

/**
 * Fetches and checks the discovery document of the configured issuer.
 *
 * @throws {CauseError} `HTTP_REDIRECTED`, `DISCOVERY_INVALID`, `ISSUER_MISMATCH`, `ENDPOINT_FOREIGN`; what the HTTP client
 *   throws.
 */
export async function fetchDiscovery(options: {
  http: AuthHttp;
  trusted: TrustedHosts;
  signal: AbortSignal;
}): Promise<DiscoveryDocument> {
  const { http, trusted, signal } = options;
  const url = new URL(`${withoutSlash(trusted.issuer)}/.well-known/openid-configuration`);
  const answer = await http.ask({ url, signal, headers: { accept: "application/json" } });
  expectNoRedirect(answer, url);
  return readDiscovery(answer, trusted);
}

/** @throws {CauseError} as `fetchDiscovery`. */
export function readDiscovery(
  answer: Pick<HttpAnswer, "status" | "headers" | "body">,
  trusted: TrustedHosts,
): DiscoveryDocument {
  const json = objectIn(answer);
  if (answer.status !== 200) throw invalid(`expected status 200, found ${answer.status}`);
  if (json === undefined) throw invalid("expected a JSON object, found something else");
  const { issuer } = json;
  if (typeof issuer !== "string") throw invalid("the member issuer is missing");
  // Exactly, but for a slash at the end: services differ there, and both spellings are one place.
  if (withoutSlash(issuer) !== withoutSlash(trusted.issuer)) {
    throw new CauseError("ISSUER_MISMATCH", `expected the issuer ${trusted.issuer}, found ${issuer}`);
  }
  for (const member of ["response_types_supported", "subject_types_supported", ALGORITHMS])
    expectList(json, member);
  const onlyImplicit = String(json["grant_types_supported"]) === "implicit";
  requiredUrl(json, "authorization_endpoint");
  const jwksUri = requiredUrl(json, "jwks_uri");
  const tokenEndpoint = onlyImplicit ? urlIn(json, "token_endpoint") : requiredUrl(json, "token_endpoint");
  const document = {
    issuer,
    jwksUri,
    tokenEndpoint,
    introspectionEndpoint: urlIn(json, "introspection_endpoint"),
    userinfoEndpoint: urlIn(json, "userinfo_endpoint"),
    tokenAuthMethods: listOf(json["token_endpoint_auth_methods_supported"]) ?? ["client_secret_basic"],
  };
  for (const url of [tokenEndpoint, document.introspectionEndpoint, document.userinfoEndpoint])
    if (url !== undefined) expectTrusted(url, trusted);
  expectKeysSafe(jwksUri, trusted);
  return document;
}

const ALGORITHMS = "id_token_signing_alg_values_supported";

/**
 * Expects a URL that gets credentials or tokens to be on a trusted host, and encrypted unless the issuer itself is not.
 *
 * @throws {CauseError} `ENDPOINT_FOREIGN`.
 */
export function expectTrusted(url: URL, { issuer, endpointHosts }: TrustedHosts): void {
  const home = new URL(issuer);
  if (
    url.hostname !== home.hostname &&
    !endpointHosts.some((host) => host === url.hostname || host === url.host)
  ) {
    throw new CauseError(
      "ENDPOINT_FOREIGN",
      `expected ${url.pathname} on ${[home.hostname, ...endpointHosts].join(", ")}, found ${url.host}`,
    );
  }
  if (url.protocol !== "https:" && (url.protocol !== "http:" || home.protocol === "https:"))
    throw new CauseError("ENDPOINT_FOREIGN", `expected ${url.pathname} over https, found ${url.protocol}//`);
}

/** Keys are public and may be anywhere, but what is read unencrypted elsewhere could be anybody's. */
function expectKeysSafe(url: URL, trusted: TrustedHosts): void {
  if (url.protocol !== "https:") expectTrusted(url, trusted);
}

function requiredUrl(json: Readonly<Record<string, unknown>>, member: string): URL {
  const url = urlIn(json, member);
  if (url === undefined) throw invalid(`the member ${member} is missing`);
  return url;
}

function urlIn(json: Readonly<Record<string, unknown>>, member: string): URL | undefined {
  const value = json[member];
  if (value === undefined) return undefined;
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid(`the member ${member} is no URL`);
  return url;
}

function expectList(json: Readonly<Record<string, unknown>>, member: string): void {
  const list = listOf(json[member]);
  if (list === undefined || list.length === 0) throw invalid(`the member ${member} is missing or no list`);
}

const listOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined;

const invalid = (what: string): CauseError =>
  new CauseError("DISCOVERY_INVALID", `/.well-known/openid-configuration: ${what}`);

export const withoutSlash = (url: string): string => url.replace(/\/+$/, "");
