/** One request to a service: bounded in time and size, following nothing. */
import { type CauseCode, causeOf } from "../../services/causes.ts";
import { classifyError, codeOf, messageOf, type Recognised } from "../../services/dependencies/classify.ts";
import { withDeadline } from "../../services/net/deadline.ts";
import { createRedact } from "../../services/redact.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../views/text.ts";
import { CliError, usageError } from "./cli-error.ts";

const DEADLINE_MS = 10_000;
const MAX_BYTES = 1_000_000;

export interface ServiceRequest {
  readonly base: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  /** Default `GET`. */
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Sent as JSON. */
  readonly body?: object;
  /** How long the service may hold the answer back, in ms; it has the usual time beside that. */
  readonly heldMs?: number;
}

export interface ServiceText {
  readonly status: number;
  readonly text: string;
  /** As sent. */
  readonly retryAfter: string | null;
}

/** The service gave no answer; `code` says why. */
export class UnreachableError extends CliError {
  readonly code: CauseCode;
  constructor(code: CauseCode, message: string, options: ErrorOptions & { hint: string }) {
    super(causeOf(code).retryable ? EXIT.temporary : EXIT.unavailable, message, options);
    this.name = "UnreachableError";
    this.code = code;
  }
}

/** @throws {CliError} when the service cannot be reached ({@link UnreachableError}) or says too much. */
export async function requestText(request: ServiceRequest): Promise<ServiceText> {
  const { base, path, token, signal, method = "GET", body, heldMs = 0 } = request;
  const address = `${base}${path}`;
  const headers = {
    accept: "application/json",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const waitedFor = `${method} ${address}`;
  return withDeadline({ ms: DEADLINE_MS + heldMs, waitedFor, signal }, async (inner) => {
    const response = await fetch(address, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "manual",
      signal: inner,
    });
    const text = await readText(response);
    return { status: response.status, text, retryAfter: response.headers.get("retry-after") };
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error instanceof CliError ? error : unreachable(base, error);
  });
}

/**
 * The address of a service without a trailing slash.
 *
 * @throws {CliError} for what is no address of a service, or holds credentials.
 */
export function readBase(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw usageError("expected --url (or GREENLIGHT_URL) to be an http:// or https:// URL.");
  if (url.username !== "" || url.password !== "")
    throw usageError("the service's URL holds credentials.", "Put the token into GREENLIGHT_TOKEN.");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES)
      throw new CliError(
        EXIT.unavailable,
        `the answer of ${response.url} is longer than ${MAX_BYTES} bytes.`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The same causes as of any dependency say whether another try is worthwhile. */
function unreachable(base: string, error: unknown): CliError {
  if (messageOf(causeIn(error)) === "bad port")
    return usageError(`${base} has a port that web standards keep HTTP away from.`);
  const { code, message } = classifyError({
    error: causeIn(error),
    rung: "connect",
    redact: createRedact([]),
    recognise,
  });
  return new UnreachableError(
    code,
    `cannot ask ${base}: ${code}, ${causeOf(code).title} (${clean(message)}).`,
    {
      cause: error,
      hint: "Check --url (or GREENLIGHT_URL), or leave it out to look from here.",
    },
  );
}

/** `fetch` says "fetch failed"; the reason is inside. */
const causeIn = (error: unknown): unknown =>
  error instanceof TypeError && error.cause instanceof Error ? error.cause : error;

function recognise(error: object): Recognised | undefined {
  const code = codeOf(error) ?? "";
  return code === "UND_ERR_SOCKET" ? { code: "CONNECTION_CLOSED", evidence: code } : undefined;
}
