import { type Cause, type CauseCode, causeOf, type Rung } from "../causes.ts";
import { CauseError, DeadlineError } from "../errors.ts";
import { oneLine, type Redact } from "../redact.ts";

/** What an adapter recognised in an error: a code of ours and the driver's own word for it. */
export interface Recognised {
  readonly code: CauseCode;
  readonly evidence?: string;
}

/** Errors of the operating system, the resolver and TLS, which are the same under every driver. */
const NODE_CODES: Readonly<Record<string, CauseCode>> = {
  ENOTFOUND: "DNS_NOT_FOUND",
  EAI_AGAIN: "DNS_UNAVAILABLE",
  EAI_FAIL: "DNS_UNAVAILABLE",
  ECONNREFUSED: "CONNECT_REFUSED",
  ENOENT: "SOCKET_MISSING",
  ENOTDIR: "SOCKET_MISSING",
  ETIMEDOUT: "CONNECT_TIMEOUT",
  EHOSTUNREACH: "CONNECT_UNREACHABLE",
  ENETUNREACH: "CONNECT_UNREACHABLE",
  EHOSTDOWN: "CONNECT_UNREACHABLE",
  EADDRNOTAVAIL: "CONNECT_UNREACHABLE",
  ECONNRESET: "CONNECT_RESET",
  ECONNABORTED: "CONNECT_RESET",
  EPIPE: "CONNECT_RESET",
  EACCES: "CONNECT_FAILED",
  EPERM: "CONNECT_FAILED",
  CERT_HAS_EXPIRED: "TLS_CERT_EXPIRED",
  CERT_NOT_YET_VALID: "TLS_CERT_EXPIRED",
  DEPTH_ZERO_SELF_SIGNED_CERT: "TLS_CERT_UNTRUSTED",
  SELF_SIGNED_CERT_IN_CHAIN: "TLS_CERT_UNTRUSTED",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "TLS_CERT_UNTRUSTED",
  UNABLE_TO_GET_ISSUER_CERT: "TLS_CERT_UNTRUSTED",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "TLS_CERT_UNTRUSTED",
  CERT_SIGNATURE_FAILURE: "TLS_CERT_UNTRUSTED",
  CERT_UNTRUSTED: "TLS_CERT_UNTRUSTED",
  INVALID_CA: "TLS_CERT_UNTRUSTED",
  ERR_TLS_CERT_ALTNAME_INVALID: "TLS_HOST_MISMATCH",
  ERR_SSL_WRONG_VERSION_NUMBER: "TLS_NOT_SUPPORTED",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "TLS_NOT_SUPPORTED",
  EPROTO: "TLS_FAILED",
  TLS_DECLINED: "TLS_NOT_SUPPORTED",
  TLS_CLOSED: "TLS_FAILED",
  ERR_STREAM_PREMATURE_CLOSE: "CONNECTION_CLOSED",
  CLIENT_CLOSED: "CONNECTION_CLOSED",
  PROTOCOL: "PROTOCOL_MISMATCH",
  EMFILE: "CHECK_ERROR",
  ENFILE: "CHECK_ERROR",
  ENOMEM: "CHECK_ERROR",
};

/** What OpenSSL says to an answer in clear text. */
const CLEAR_TEXT = /wrong version number|packet length too long/;

/** Node gives an orderly end without an answer the code of a reset; a real one reads "read ECONNRESET". */
const HUNG_UP = /^(socket hang up|aborted)$/;

/** What a deadline that ran out on a rung means. */
const TIMEOUTS: Readonly<Record<Rung, CauseCode>> = {
  resolve: "DNS_UNAVAILABLE",
  connect: "CONNECT_TIMEOUT",
  secure: "TLS_FAILED",
  authenticate: "LOGIN_TIMEOUT",
  authorize: "LOGIN_TIMEOUT",
  query: "QUERY_TIMEOUT",
  assert: "QUERY_TIMEOUT",
};

export interface ClassifyOptions {
  readonly error: unknown;
  readonly rung: Rung;
  readonly redact: Redact;
  readonly recognise: (error: object, rung: Rung) => Recognised | undefined;
  /** False when none is configured: some servers say the same to an empty password as to a wrong one. */
  readonly passwordGiven?: boolean;
}

/**
 * Makes a cause of anything thrown: our own first, then the driver's (by the adapter's `recognise`), then the operating
 * system's. What nobody recognises is a fault of the check (`CHECK_ERROR`), never of the dependency. Never throws.
 */
export function classifyError(options: ClassifyOptions): Cause {
  try {
    return classify(options);
  } catch {
    // An error object can be anything, a proxy that throws included; it must not end the process that reports it.
    return { code: "CHECK_ERROR", rung: options.rung, message: "an error that cannot be read" };
  }
}

function classify({ error, rung, redact, recognise, passwordGiven = true }: ClassifyOptions): Cause {
  const found =
    ownError(error, rung) ??
    (isObject(error) ? (recognise(error, rung) ?? nodeError(error)) : undefined) ??
    ({ code: "CHECK_ERROR" } as const);
  const { evidence } = found;
  const code = found.code === "AUTH_FAILED" && !passwordGiven ? "PASSWORD_MISSING" : found.code;
  return {
    code,
    rung: rungOf(code, rung),
    message: oneLine(redact(messageOf(error))),
    ...(evidence === undefined ? {} : { evidence: redact(evidence) }),
  };
}

function rungOf(code: CauseCode, met: Rung): Rung {
  // Postgres checks the right to connect during the login, which has succeeded by then.
  if (code === "PERMISSION_DENIED" && met === "authenticate") return "authorize";
  return causeOf(code).rung ?? met;
}

function ownError(error: unknown, rung: Rung): Recognised | undefined {
  if (error instanceof DeadlineError) return { code: TIMEOUTS[rung] };
  if (error instanceof CauseError) return { code: error.code };
  return undefined;
}

/** How far a chain of causes is followed; a chain can be a circle. */
const MAX_DEPTH = 8;

function nodeError(error: object, depth = 0): Recognised | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const code = codeOf(error);
  if (code !== undefined) {
    // Under some drivers OpenSSL's code is only in the message.
    if (code === "EPROTO" && CLEAR_TEXT.test(messageOf(error)))
      return { code: "TLS_NOT_SUPPORTED", evidence: code };
    if (code === "ECONNRESET" && HUNG_UP.test(messageOf(error)))
      return { code: "CONNECTION_CLOSED", evidence: code };
    // Node's HTTP parser met something that is not HTTP.
    if (code.startsWith("HPE_")) return { code: "PROTOCOL_MISMATCH", evidence: code };
    if (Object.hasOwn(NODE_CODES, code)) return { code: NODE_CODES[code] as CauseCode, evidence: code };
    if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_"))
      return { code: "TLS_FAILED", evidence: code };
  }
  // The path of a Unix socket can be too long (EINVAL), among other things.
  if (code !== undefined && (error as { syscall?: unknown }).syscall === "connect") {
    return { code: "CONNECT_FAILED", evidence: code };
  }
  if (error instanceof AggregateError) return nodeError(pickMostTelling(error.errors), depth + 1);
  const { cause } = error as { cause?: unknown };
  return isObject(cause) ? nodeError(cause, depth + 1) : undefined;
}

/** Of several addresses' failures the refusal says most: somebody answered there. */
function pickMostTelling(errors: readonly unknown[]): object {
  const objects = errors.filter(isObject);
  return objects.find((error) => codeOf(error) === "ECONNREFUSED") ?? objects[0] ?? {};
}

/** The `code` of an error, as text, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = isObject(error) ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : undefined;
}

export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  if (error instanceof Error) return error.message === "" ? error.name : error.message;
  return String(error);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
