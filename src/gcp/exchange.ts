/** One HTTP exchange with Google through the library's transport: bounded, never redirected, and what fails is a code. */
import type { HttpAnswer } from "../../services/gcp/errors.ts";

/** What of the library's transport is used (gaxios: it knows the proxies of the environment). */
export interface HttpTransport {
  request(options: object): Promise<{
    readonly status: number;
    readonly headers: Headers;
    readonly data: unknown;
  }>;
}

export interface Exchange {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type Exchanged =
  | { readonly kind: "answered"; readonly answer: HttpAnswer; readonly retryAfterMs?: number }
  | {
      readonly kind: "silent";
      /** Whether the request cannot have reached anybody. */
      readonly undone: boolean;
      readonly timedOut: boolean;
      /** `ECONNREFUSED`; the library's own sentences quote URLs and headers. */
      readonly code: string;
    };

/** The longest answer that is read, in bytes: policies and lists of a large project stay well below. */
const MAX_BYTES = 8 * 1024 * 1024;

/** What stands in for Google on this machine is not asked through a proxy, which would be shown the token. */
const LOOPBACK = [/^http:\/\/(?:127(?:\.\d+){3}|localhost|\[::1\])(?::\d+)?\//];

/** There was no connection that could have carried the request. */
const UNDONE = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Rejects with the reason of `signal` alone. */
export async function exchange(http: HttpTransport, asked: Exchange): Promise<Exchanged> {
  const { url, method, headers, body, timeoutMs, signal } = asked;
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await http.request({
      url,
      method,
      headers,
      ...(body !== undefined && { data: body }),
      signal: AbortSignal.any([signal, timeout]),
      // Tokens go to one host; the library would follow redirects, and repeat requests without a limit of time.
      redirect: "manual",
      retry: false,
      noProxy: LOOPBACK,
      retryConfig: { retry: 0, noResponseRetries: 0 },
      responseType: "stream",
      validateStatus: () => true,
    });
    const text = await readBounded(response.data);
    const contentType = response.headers.get("content-type") ?? "";
    const answer = { status: response.status, contentType, text };
    const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
    return {
      kind: "answered",
      answer,
      ...(Number.isFinite(retryAfter) && { retryAfterMs: Math.max(0, retryAfter) * 1000 }),
    };
  } catch (error) {
    signal.throwIfAborted();
    const code = codeOf(error);
    return { kind: "silent", undone: UNDONE.has(code), timedOut: timeout.aborted, code };
  }
}

async function readBounded(stream: unknown): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (stream === null || stream === undefined) return "";
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw Object.assign(new Error("the answer is too long"), { code: "ETOOBIG" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The library wraps Node's errors, and its fetch wraps them once more. */
function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at !== undefined && at !== null && depth < 5; depth++) {
    const { code, cause, errors } = Object(at) as { code?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === "string" && /^[A-Z][A-Z_\d]{2,40}$/.test(code)) return code;
    at = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return "no answer";
}
