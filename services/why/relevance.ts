import type { CauseCode } from "../causes.ts";
import type { Case } from "./hypothesis.ts";
import { addressKind } from "./symptom.ts";

/** Packets vanish, or nobody on the way knows where to send them. */
const VANISHED: ReadonlySet<CauseCode> = new Set([
  "CONNECT_TIMEOUT",
  "CONNECT_UNREACHABLE",
  "CONNECT_FAILED",
  "LOGIN_TIMEOUT",
]);

/** Somebody answered, and not the server as it should. */
const TURNED_AWAY: ReadonlySet<CauseCode> = new Set([
  "CONNECT_REFUSED",
  "CONNECT_RESET",
  "CONNECTION_CLOSED",
  "STARTING_UP",
  "SHUTTING_DOWN",
  "TLS_FAILED",
]);

/** The server answered, and said no. */
const REJECTED: ReadonlySet<CauseCode> = new Set(["AUTH_FAILED", "PERMISSION_DENIED", "PASSWORD_MISSING"]);

export const hasVanished = ({ symptom }: Case): boolean => VANISHED.has(symptom.cause.code);

export const isRejected = ({ symptom }: Case): boolean => REJECTED.has(symptom.cause.code);

/** Whether the server itself was not reached. */
export const isUnreached = (its: Case): boolean =>
  hasVanished(its) || TURNED_AWAY.has(its.symptom.cause.code) || its.symptom.cause.code === "SOCKET_MISSING";

/**
 * Whether what answered stands between: a proxy or a socket on this machine. What it does when it cannot reach the server
 * says nothing of which side of it is broken.
 */
export const isThroughProxy = ({ symptom, facts }: Case): boolean =>
  addressKind(symptom.host) === "local" && facts?.resource !== undefined;

/** Whether a missing route could look like this: only what vanishes, or what a proxy makes of it. */
export const mayLackRoute = (its: Case): boolean =>
  hasVanished(its) || (isUnreached(its) && isThroughProxy(its));

/** Google's own words for a caller that lacks a role; a server's "password authentication failed" is none of them. */
export const saysNotAuthorized = ({ symptom: { cause } }: Case): boolean =>
  /notAuthorized|not authorized to make this request|cloudsql\.instances\.(?:connect|get)/i.test(
    `${cause.message} ${cause.evidence ?? ""}`,
  );

/** Postgres' words for an account of IAM that may not log in. */
export const saysIamLogin = ({ symptom: { cause } }: Case): boolean =>
  /IAM (?:service account|user|principal) authentication failed/i.test(cause.message);

/** Whether the way to the server leads to a private address; undefined while nobody knows. */
export function leadsTo({ symptom, facts }: Case): "private" | "public" | undefined {
  const own = addressKind(symptom.host);
  if (own === "private" || own === "public") return own;
  const { resource, sql } = facts ?? {};
  if (resource?.kind === "memorystore") return "private";
  if (sql?.kind !== "known") return undefined;
  const types = new Set(sql.value.addresses.map(({ type }) => type));
  if (types.has("PRIVATE") || (types.size === 0 && sql.value.privateNetwork !== undefined)) return "private";
  return types.has("PRIMARY") ? "public" : undefined;
}
