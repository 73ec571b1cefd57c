import type { CauseCode } from "../causes.ts";

/** What one fault of a dependency can look like to different clients, or one after the other. */
type Family =
  /** It is not there, or not now: a server that is stopped, starts, crashes, or cannot be reached. */
  | "gone"
  /** It is there, and too slow. */
  | "slow"
  | "name"
  | "tls"
  | "login"
  | "rights"
  | "capacity"
  | "storage"
  | "read-only"
  | "content"
  | "cluster";

/** Causes that may be the same fault share a family. What is not here is never told by the words of a test. */
const FAMILIES: Readonly<Partial<Record<CauseCode, readonly Family[]>>> = {
  DNS_NOT_FOUND: ["name"],
  DNS_UNAVAILABLE: ["name"],
  SOCKET_MISSING: ["gone"],
  CONNECT_REFUSED: ["gone"],
  ADDRESS_FAMILY_MISMATCH: ["gone"],
  CONNECT_TIMEOUT: ["gone", "slow"],
  CONNECT_UNREACHABLE: ["gone"],
  CONNECT_RESET: ["gone"],
  CONNECTION_CLOSED: ["gone"],
  CONNECT_FAILED: ["gone"],
  SHUTTING_DOWN: ["gone"],
  STARTING_UP: ["gone"],
  LOGIN_TIMEOUT: ["gone", "slow"],
  QUERY_TIMEOUT: ["gone", "slow"],
  STATEMENT_TIMEOUT: ["slow"],
  UPGRADE_REFUSED: ["gone"],
  HTTP_STATUS: ["gone"],
  REPORTS_DOWN: ["gone"],
  PROTOCOL_MISMATCH: ["gone"],
  TLS_NOT_SUPPORTED: ["tls"],
  TLS_REQUIRED: ["tls"],
  TLS_CERT_EXPIRED: ["tls"],
  TLS_CERT_UNTRUSTED: ["tls"],
  TLS_HOST_MISMATCH: ["tls"],
  TLS_FAILED: ["tls", "gone"],
  AUTH_FAILED: ["login"],
  PASSWORD_MISSING: ["login"],
  HOST_NOT_ALLOWED: ["login"],
  PERMISSION_DENIED: ["rights"],
  TOO_MANY_CONNECTIONS: ["capacity"],
  OVERLOADED: ["capacity", "slow"],
  OUT_OF_MEMORY: ["capacity"],
  DISK_FULL: ["storage"],
  READ_ONLY: ["read-only"],
  DATABASE_MISSING: ["content"],
  TABLE_MISSING: ["content"],
  MIGRATION_MISSING: ["content"],
  MIGRATION_BEHIND: ["content"],
  REPLICA_LINK_DOWN: ["cluster"],
  CLUSTER_DOWN: ["cluster"],
  WRONG_NODE: ["cluster"],
};

const familiesOf = (code: string): readonly Family[] =>
  Object.hasOwn(FAMILIES, code) ? (FAMILIES[code as CauseCode] ?? []) : [];

/** Pure: whether the words of a test and what was observed can be one fault. A code that nobody knows fits nothing. */
export function compatible(told: CauseCode, observed: readonly string[]): boolean {
  const families = familiesOf(told);
  return observed.some((code) => familiesOf(code).some((family) => families.includes(family)));
}
