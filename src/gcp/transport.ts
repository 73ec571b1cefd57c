/** The one way to Google's APIs: a token, a deadline for each try, and repeated only where that does no harm. */
import { setTimeout as delay } from "node:timers/promises";
import { isTransientStatus, malformed, toGcpError } from "../../services/gcp/errors.ts";
import type { GcpAnswer, GcpError, GcpRequest, GcpTransport } from "../../services/gcp/transport.ts";
import { createRedact } from "../../services/redact.ts";
import type { Endpoints } from "./endpoints.ts";
import { type Exchanged, exchange } from "./exchange.ts";
import type { Tokens } from "./tokens.ts";

export interface TransportOptions {
  readonly tokens: Tokens;
  readonly endpoints: Endpoints;
  /** For one try, in ms. Default 10 s; a request that Google holds (`:wait`) has 45 s. */
  readonly timeoutMs?: number;
  /** Of requests that change nothing. Default 3. */
  readonly tries?: number;
  /** Before the second try, in ms; doubles. Default 300. */
  readonly backoffMs?: number;
}

const HELD_MS = 45_000;
/** Longer than this nobody waits for one try. */
const LONGEST_PAUSE_MS = 10_000;

/** POSTs that change nothing. */
const READS = /:(?:getIamPolicy|testIamPermissions|wait)$/;

type Tried =
  | { readonly kind: "over"; readonly answer: GcpAnswer }
  | { readonly kind: "again"; readonly error: GcpError; readonly afterMs?: number };

/**
 * Reads are repeated after 429, 5xx, time-outs and lost connections. A change is repeated only when it cannot have been
 * done: no connection, or 429. What timed out may have been done, and its caller has to look.
 */
export function createGcpTransport(options: TransportOptions): GcpTransport {
  const { tokens, endpoints, timeoutMs = 10_000, tries = 3, backoffMs = 300 } = options;

  async function send(request: GcpRequest): Promise<{ exchanged: Exchanged; secret: string } | GcpError> {
    const { api, method, path, query = {}, body, signal } = request;
    const token = await tokens.get(signal);
    if (token.kind === "failed") return token.error;
    const headers = new Headers(token.headers);
    headers.set("accept", "application/json");
    if (body !== undefined) headers.set("content-type", "application/json");
    const search = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) =>
        (typeof value === "string" ? [value] : value).map((each) => [name, each]),
      ),
    ).toString();
    const exchanged = await exchange(token.http, {
      url: `${endpoints(api)}${path}${search === "" ? "" : `?${search}`}`,
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      timeoutMs: path.endsWith(":wait") ? Math.max(timeoutMs, HELD_MS) : timeoutMs,
      signal,
    });
    return { exchanged, secret: token.headers.get("authorization")?.replace(/^\S+\s+/, "") ?? "" };
  }

  async function tryOnce(request: GcpRequest): Promise<Tried> {
    const reads = request.method === "GET" || READS.test(request.path);
    const sent = await send(request);
    if (!("exchanged" in sent))
      return isPassing(sent) ? { kind: "again", error: sent } : { kind: "over", answer: failed(sent) };
    const { exchanged, secret } = sent;
    if (exchanged.kind === "silent") {
      const error = silence(request, exchanged);
      return reads || exchanged.undone ? { kind: "again", error } : { kind: "over", answer: failed(error) };
    }
    const { answer, retryAfterMs } = exchanged;
    if (answer.status >= 200 && answer.status < 300)
      return { kind: "over", answer: parsed(request, answer.text, answer.status) };
    const error = withoutSecret(toGcpError(answer), secret);
    if (answer.status === 401) {
      tokens.drop();
      return { kind: "again", error, afterMs: 0 };
    }
    const repeated = isTransientStatus(answer.status) && (reads || answer.status === 429);
    if (!repeated) return { kind: "over", answer: failed(error) };
    return { kind: "again", error, ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }) };
  }

  return {
    async request(request) {
      const { signal } = request;
      signal.throwIfAborted();
      let refused = 0;
      for (let attempt = 1; ; attempt++) {
        const tried = await tryOnce(request);
        if (tried.kind === "over") return tried.answer;
        if (tried.error.code === "GCP_UNAUTHENTICATED") refused += 1;
        if (attempt >= tries || refused > 1) return failed(tried.error);
        const pause = tried.afterMs ?? backoffMs * 2 ** (attempt - 1);
        if (pause > LONGEST_PAUSE_MS) return failed(tried.error);
        await sleep(pause, signal);
      }
    },
  };
}

const failed = (error: GcpError): GcpAnswer => ({ kind: "failed", error });

/** Of the source of tokens: nothing has been sent yet. */
const isPassing = ({ code }: GcpError): boolean => code === "GCP_UNAVAILABLE";

function parsed({ api, path }: GcpRequest, text: string, status: number): GcpAnswer {
  // A deletion may answer with nothing.
  if (text.trim() === "") return { kind: "ok", body: {} };
  try {
    return { kind: "ok", body: JSON.parse(text) as unknown };
  } catch {
    return failed(malformed(`${api} answered ${path} with what is no JSON`, status));
  }
}

function silence(
  { api, method }: GcpRequest,
  { timedOut, undone, code }: Extract<Exchanged, { kind: "silent" }>,
): GcpError {
  const unsure = method === "GET" || undone ? "" : "; whether it was done is not known";
  if (timedOut) return { code: "GCP_TIMEOUT", status: 0, message: `no answer from ${api} in time${unsure}` };
  return { code: "GCP_UNAVAILABLE", status: 0, message: `${api} cannot be asked (${code})${unsure}` };
}

/** A server that echoes what it was sent must not have it shown. */
function withoutSecret(error: GcpError, secret: string): GcpError {
  if (secret === "") return error;
  const redact = createRedact([secret]);
  return { ...error, message: redact(error.message) };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
