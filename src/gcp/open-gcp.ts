/** From the configuration to what reads and writes Google Cloud, and to where the environment is in it. */
import type { Clock } from "../../services/clock.ts";
import type { GcpTransport } from "../../services/gcp/transport.ts";
import type { GcpOptions } from "../config/gcp.ts";
import { createEndpoints } from "./endpoints.ts";
import { createImpersonatedTokens } from "./impersonate.ts";
import { createOwnTokens } from "./tokens.ts";
import { type TransportOptions, createGcpTransport } from "./transport.ts";

export interface Gcp {
  /** With the service's own identity. */
  readonly reader: GcpTransport;
  /** As the remediator; absent when none is configured, and then nothing is changed. */
  readonly writer?: GcpTransport;
}

/**
 * Opens nothing yet: tokens are asked for with the first request.
 *
 * @throws {GreenlightError} GCP_ENDPOINT when an endpoint is not on loopback.
 */
export function openGcp(
  { endpoints: overrides, remediator }: Pick<GcpOptions, "endpoints" | "remediator">,
  { clock, ...limits }: { readonly clock: Clock } & Omit<TransportOptions, "tokens" | "endpoints">,
): Gcp {
  const endpoints = createEndpoints(overrides);
  const own = createOwnTokens();
  const reader = createGcpTransport({ tokens: own, endpoints, ...limits });
  if (remediator === undefined) return { reader };
  const tokens = createImpersonatedTokens({ own, account: remediator, endpoints, clock });
  return { reader, writer: createGcpTransport({ tokens, endpoints, ...limits }) };
}
