import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { withDeadline } from "./deadline.ts";

export interface Address {
  readonly address: string;
  readonly family: number;
}

/**
 * Resolves a host name as the drivers do (getaddrinfo, so /etc/hosts counts), all addresses, in the system's order.
 *
 * @throws Node's error with `ENOTFOUND` or `EAI_AGAIN`; `DeadlineError` after `ms` milliseconds.
 */
export async function resolveHost(options: {
  host: string;
  ms: number;
  signal: AbortSignal;
}): Promise<Address[]> {
  const { host, ms, signal } = options;
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  return withDeadline({ ms, signal, waitedFor: "the name lookup" }, () => lookup(host, { all: true }));
}
