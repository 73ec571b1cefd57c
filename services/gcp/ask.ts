/** One question and its answer as a fact; one change and what came of it. */
import { malformed } from "./errors.ts";
import type { GcpError, GcpRequest, GcpTransport, Known } from "./transport.ts";

/** Of a change: what the API answered, or why it did not do it. */
export type Written<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "failed"; readonly error: GcpError };

/** Gives undefined for what is not as the API's description says. */
export type Parse<T> = (body: unknown) => T | undefined;

/** Asks for a fact: 404 is absent; anything else that is no fact is unknown. Rejects with the reason of the signal alone. */
export async function ask<T>(gcp: GcpTransport, request: GcpRequest, parse: Parse<T>): Promise<Known<T>> {
  const written = await send(gcp, request, parse);
  if (written.kind === "ok") return { kind: "known", value: written.value };
  if (written.error.code === "GCP_NOT_FOUND") return { kind: "absent" };
  return { kind: "unknown", because: written.error };
}

/** Sends a request and reads what comes back. Rejects with the reason of the signal alone. */
export async function send<T>(gcp: GcpTransport, request: GcpRequest, parse: Parse<T>): Promise<Written<T>> {
  const answer = await gcp.request(request);
  if (answer.kind === "failed") return answer;
  const value = parse(answer.body);
  if (value !== undefined) return { kind: "ok", value };
  return { kind: "failed", error: malformed(`${request.api} answered ${request.path} with another shape`) };
}

/** `/v2/projects/p/locations/r`: each part encoded, so that no name can reach another path. */
export function pathOf(version: string, ...parts: readonly string[]): string {
  return `/${[...version.split("/"), ...parts.map((part) => encodeURIComponent(part))].join("/")}`;
}

/** That of a resource's full name (`projects/p/locations/r/services/s`), with a method after it when there is one. */
export function pathOfName(version: string, name: string, method?: string): string {
  const path = pathOf(version, ...name.split("/"));
  return method === undefined ? path : `${path}:${method}`;
}

/** All pages of a list, 50 at most: a server that never ends its list must not hold anybody. */
export async function askPages<T>(
  gcp: GcpTransport,
  request: GcpRequest,
  parse: Parse<{ readonly items: readonly T[]; readonly next?: string }>,
): Promise<Known<readonly T[]>> {
  const items: T[] = [];
  let next: string | undefined;
  for (let page = 0; page < 50; page++) {
    const query = { ...request.query, ...(next !== undefined && { pageToken: next }) };
    const answer = await ask(gcp, { ...request, query }, parse);
    if (answer.kind !== "known") return answer;
    items.push(...answer.value.items);
    next = answer.value.next;
    if (next === undefined || next === "") return { kind: "known", value: items };
  }
  return { kind: "unknown", because: malformed(`${request.api} never ends the list of ${request.path}`) };
}
