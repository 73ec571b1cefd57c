import type { CauseCode, Rung } from "../causes.ts";
import { codeOf, messageOf, type Recognised } from "./classify.ts";

/** ClickHouse error number to cause: src/Common/ErrorCodes.cpp of ClickHouse. */
const NUMBERS: Readonly<Record<string, CauseCode>> = {
  "60": "TABLE_MISSING",
  "81": "DATABASE_MISSING",
  "159": "STATEMENT_TIMEOUT",
  "160": "STATEMENT_TIMEOUT",
  "164": "READ_ONLY",
  "192": "AUTH_FAILED",
  "193": "AUTH_FAILED",
  "194": "PASSWORD_MISSING",
  "195": "HOST_NOT_ALLOWED",
  "201": "OVERLOADED",
  "202": "OVERLOADED",
  "203": "TOO_MANY_CONNECTIONS",
  "241": "OUT_OF_MEMORY",
  "242": "READ_ONLY",
  "243": "DISK_FULL",
  "252": "OVERLOADED",
  "279": "CLUSTER_DOWN",
  "291": "PERMISSION_DENIED",
  "394": "STATEMENT_TIMEOUT",
  "439": "OVERLOADED",
  "497": "PERMISSION_DENIED",
  "516": "AUTH_FAILED",
  "999": "CLUSTER_DOWN",
};

/** In a configured statement these say that the statement is wrong: syntax, identifiers, types, parameters. */
const STATEMENT_FAULTS = new Set(
  "6 27 36 38 41 42 43 46 47 50 53 62 63 69 70 72 115 125 153 184 207 215 386 456 457".split(" "),
);

/** What web servers answer to a plain request on a port for TLS. */
const WANTS_TLS = /plain HTTP request was sent to HTTPS port|sent an HTTP request to an HTTPS server/i;

/** True when the server answered in its own error format; the connection is good then. */
export function isServerError(error: unknown): boolean {
  return /^\d+$/.test(codeOf(error) ?? "");
}

/** Recognises what `@clickhouse/client` throws; undefined for what the operating system or TLS raised beneath it. */
export function recogniseClickhouse(error: object, rung: Rung): Recognised | undefined {
  const code = codeOf(error);
  if (code !== undefined && isServerError(error)) return { code: fromNumber(code, rung), evidence: code };
  // HPE_*: Node's HTTP parser met something that is not HTTP.
  if (code?.startsWith("HPE_") === true) return { code: "PROTOCOL_MISMATCH", evidence: code };
  // Node gives an orderly end without an answer the code of a reset; a real one reads "read ECONNRESET".
  if (/socket hang up|aborted/.test(messageOf(error))) return { code: "CONNECTION_CLOSED" };
  if (code !== undefined) return undefined;
  if (messageOf(error).startsWith("Timeout error")) return { code: "QUERY_TIMEOUT" };
  if (WANTS_TLS.test(messageOf(error))) return { code: "TLS_REQUIRED" };
  if (error instanceof AggregateError || (error as { cause?: unknown }).cause !== undefined) return undefined;
  // An HTTP answer that is not ClickHouse's: a proxy's page, or rows that are no JSON.
  return { code: "PROTOCOL_MISMATCH" };
}

function fromNumber(number: string, rung: Rung): CauseCode {
  // Assertions run with readonly set: one that writes is wrong, whatever the user may do.
  if (number === "164" && rung === "assert") return "ASSERTION_INVALID";
  const known = NUMBERS[number];
  if (known !== undefined) return known;
  return rung === "assert" && STATEMENT_FAULTS.has(number) ? "ASSERTION_INVALID" : "QUERY_FAILED";
}
