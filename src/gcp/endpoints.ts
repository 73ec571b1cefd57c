/** gcp: who asks Google and where: endpoints, tokens, and the transport that the services read and write through. */
import { isLoopbackUrl } from "../config/gcp.ts";
import { GreenlightError } from "../../services/errors.ts";
import { hostOf } from "../../services/gcp/apis.ts";
import type { GcpApi } from "../../services/gcp/transport.ts";

/** `iamcredentials` gives tokens for other accounts; nothing but `impersonate.ts` asks it. */
export type Endpoint = GcpApi | "iamcredentials";

/** Base URLs, without a slash at the end. */
export type Endpoints = (api: Endpoint) => string;

/**
 * Google's own hosts, or what the configuration puts in their place.
 *
 * @throws {GreenlightError} GCP_ENDPOINT for an address off loopback: whatever is asked is sent a token.
 */
export function createEndpoints(overrides: Readonly<Record<string, string>>): Endpoints {
  for (const [api, url] of Object.entries(overrides)) {
    if (!isLoopbackUrl(url))
      throw new GreenlightError("GCP_ENDPOINT", `gcp.endpoints.${api} is no http:// URL on loopback`);
  }
  return function endpointOf(api) {
    const { [api]: own, all } = overrides;
    const base = own ?? (all === undefined ? undefined : `${trimmed(all)}/${api}`);
    if (base !== undefined) return trimmed(base);
    return `https://${api === "iamcredentials" ? "iamcredentials.googleapis.com" : hostOf(api)}`;
  };
}

const trimmed = (url: string): string => url.replace(/\/+$/, "");
