import type { Clock } from "../../clock.ts";
import type { AuthCandidateOptions } from "../options.ts";
import { fetchDiscovery } from "./discovery-document.ts";
import type { AuthHttp } from "./http.ts";
import { fetchKeys } from "./jwks.ts";
import { expectTamperingRejected, tamper } from "./tampering.ts";
import { isJwt, verifyToken } from "./token-check.ts";
import { obtainToken } from "./token-endpoint.ts";

export interface OidcOptions {
  readonly http: AuthHttp;
  readonly candidate: AuthCandidateOptions;
  readonly oidc: NonNullable<AuthCandidateOptions["oidc"]>;
  readonly clock: Clock;
  readonly maxClockSkewMs: number;
  readonly signal: AbortSignal;
  /** Told of every token before it is used, so that no message can hold one. */
  readonly learn: (secret: string) => void;
}

/**
 * Walks the way of a client: discovery document, keys and, with a test client, a token that is issued, verified,
 * accepted, and rejected once it was tampered with.
 *
 * @returns what held, for people.
 * @throws {CauseError} with the first cause that does not hold; what the HTTP client throws.
 */
export async function walkOidc(options: OidcOptions): Promise<string> {
  const { http, candidate, oidc, clock, maxClockSkewMs, signal, learn } = options;
  const document = await fetchDiscovery({ http, trusted: oidc, signal });
  const keys = await fetchKeys({ http, url: document.jwksUri, now: clock.now(), signal });
  const held = `discovery document, ${keys.keys.length} ${keys.keys.length === 1 ? "key" : "keys"}`;
  const { client } = oidc;
  if (client === undefined) return held;
  const request = { http, client, document, signal };
  const issued = await obtainToken(request);
  const { token } = issued;
  learn(token);
  // An opaque token carries nothing to verify; presenting it is all there is.
  if (isJwt(token)) {
    const { issuer } = document;
    const { audience } = client;
    await verifyToken({ token, keys, issuer, audience, now: clock.now(), toleranceMs: maxClockSkewMs });
  }
  const tampered = tamper(token);
  learn(tampered);
  const { issuer, endpointHosts } = oidc;
  await expectTamperingRejected(
    { ...request, issued, issuer, endpointHosts, baseUrl: candidate.url },
    tampered,
  );
  return `${held}, token round trip`;
}
