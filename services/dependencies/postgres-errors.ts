import type { CauseCode, Rung } from "../causes.ts";
import { codeOf, messageOf, type Recognised } from "./classify.ts";

/** SQLSTATE, or its class (two characters), to cause. PostgreSQL manual, appendix A. */
const SQLSTATES: Readonly<Record<string, CauseCode>> = {
  "08": "CONNECTION_CLOSED",
  "08P01": "PROTOCOL_MISMATCH",
  "25006": "READ_ONLY",
  "28": "AUTH_FAILED",
  "3D000": "DATABASE_MISSING",
  "3F000": "TABLE_MISSING",
  "42501": "PERMISSION_DENIED",
  "42P01": "TABLE_MISSING",
  "53100": "DISK_FULL",
  "53200": "OUT_OF_MEMORY",
  "53300": "TOO_MANY_CONNECTIONS",
  "53": "OVERLOADED",
  "55P03": "STATEMENT_TIMEOUT",
  "57014": "STATEMENT_TIMEOUT",
  "57P01": "SHUTTING_DOWN",
  "57P02": "SHUTTING_DOWN",
  "57P03": "STARTING_UP",
  "57P05": "CONNECTION_CLOSED",
  "58": "QUERY_FAILED",
  "58030": "DISK_FULL",
};

/** Failures to which pg gives no code; the texts are pg's own and stay in its version range. */
const MESSAGES: readonly [RegExp, CauseCode][] = [
  [/client password must be a/, "PASSWORD_MISSING"],
  [/does not support SSL connections/, "TLS_NOT_SUPPORTED"],
  [/error establishing an SSL connection/, "TLS_FAILED"],
  [/due to connection timeout|^timeout expired/, "LOGIN_TIMEOUT"],
  [/^Query read timeout/, "QUERY_TIMEOUT"],
  [/^Connection terminated|^Client has encountered a connection error/, "CONNECTION_CLOSED"],
];

/** True for an answer of the server after which the session goes on (FATAL and PANIC end it). */
export function isServerError(error: unknown): boolean {
  return isDatabaseError(error) && (error as { severity?: unknown }).severity === "ERROR";
}

/** Recognises what pg throws; undefined for what the operating system or TLS raised beneath it. */
export function recognisePostgres(error: object, rung: Rung): Recognised | undefined {
  const evidence = codeOf(error);
  if (isDatabaseError(error) && evidence !== undefined)
    return { code: fromSqlstate(evidence, messageOf(error), rung), evidence };
  if (evidence !== undefined) return undefined;
  const message = messageOf(error);
  const code = MESSAGES.find(([pattern]) => pattern.test(message))?.[1];
  return code === undefined ? undefined : { code };
}

function fromSqlstate(state: string, message: string, rung: Rung): CauseCode {
  if (state === "28000" && /no encryption|SSL off/.test(message)) return "TLS_REQUIRED";
  if (state === "28000" && /no pg_hba\.conf entry|pg_hba\.conf rejects/.test(message))
    return "HOST_NOT_ALLOWED";
  if (state === "57P03" && message.includes("shutting down")) return "SHUTTING_DOWN";
  // Assertions run in a read-only transaction: one that writes is wrong, whatever the server is.
  if (state === "25006" && rung === "assert") return "ASSERTION_INVALID";
  const known = SQLSTATES[state] ?? SQLSTATES[state.slice(0, 2)];
  if (known !== undefined) return known;
  // Class 42 and 22 in a configured statement: the statement is wrong, not the server.
  if (rung === "assert" && /^(42|22)/.test(state)) return "ASSERTION_INVALID";
  return "QUERY_FAILED";
}

const isDatabaseError = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  typeof (error as { severity?: unknown }).severity === "string";
