import { causeOf } from "../causes.ts";
import { classifyError } from "../dependencies/classify.ts";
import { redirectOf } from "../dependencies/http-expectations.ts";
import { findMember } from "../dependencies/json-pointer.ts";
import { parseJson } from "../json.ts";
import type { HttpAnswer, HttpClient } from "../net/http-request.ts";
import type { Redact } from "../redact.ts";
import { sameJson } from "./canonical.ts";
import type { Verified, VerifierCall } from "./verifier.ts";
import { broken, contrary, held, shown, unknown } from "./verify-words.ts";

type HttpCall = Extract<VerifierCall, { kind: "http" }>;

export interface HttpVerifier {
  /** Judges addresses itself, follows nothing and carries no credentials. */
  readonly client: HttpClient;
  /** Why a plan may not have this asked from here; undefined where it may. */
  readonly refuses: (url: URL) => string | undefined;
}

/** What a server says while something is being rolled out, or is too much for it. */
const MAY_CHANGE: ReadonlySet<number> = new Set([404, 408, 409, 421, 425, 429]);

/** One request; its status, then the members of its answer. A redirect is an answer like any other. */
export async function verifyHttp(
  call: HttpCall,
  { client, refuses }: HttpVerifier,
  redact: Redact,
  signal: AbortSignal,
): Promise<Verified> {
  if (!URL.canParse(call.url)) return unknown("expected a URL to ask, found none");
  const url = new URL(call.url);
  // Its path and query may hold what is nobody's business.
  const place = `${call.method ?? "GET"} ${url.origin}${redact(url.pathname)}`;
  const refusal = refuses(url);
  if (refusal !== undefined) return unknown(`${place} is not asked: ${refusal}`);
  const answer = await ask(call, { client, url, redact, signal });
  if ("cause" in answer) {
    const { code, message } = answer.cause;
    if (code === "CHECK_ERROR") return unknown(`${place}: ${message}`);
    return contrary(`${place}: ${code}: ${message}`, causeOf(code).retryable);
  }
  return judge(call, answer, { place, url, redact });
}

interface Asking {
  readonly client: HttpClient;
  readonly url: URL;
  readonly redact: Redact;
  readonly signal: AbortSignal;
}

async function ask({ method = "GET" }: HttpCall, { client, url, redact, signal }: Asking) {
  try {
    return await client.request({ url, method, signal });
  } catch (error) {
    signal.throwIfAborted();
    return { cause: classifyError({ error, rung: "connect", redact, recognise: () => undefined }) };
  }
}

interface Place {
  readonly place: string;
  readonly url: URL;
  readonly redact: Redact;
}

function judge(
  { status = 200, equals = {} }: HttpCall,
  answer: HttpAnswer,
  { place, url, redact }: Place,
): Verified {
  if (answer.status !== status) {
    const redirect = redirectOf(answer, String(status), url);
    const found = redirect?.message ?? `expected ${status}, found ${answer.status}`;
    return contrary(`${place}: ${found}`, answer.status >= 500 || MAY_CHANGE.has(answer.status));
  }
  const wanted = Object.entries(equals);
  if (wanted.length === 0) return held(`${place} answers ${status}`);
  const body = parseJson(answer.body);
  if (body === undefined) return broken(`${place} answers ${status}: expected JSON, found something else`);
  for (const [pointer, value] of wanted) {
    const member = findMember(body, pointer);
    if (member.found && sameJson(member.value, value)) continue;
    const found = shown(member.found ? member.value : undefined, redact);
    return contrary(`${place}: expected ${shown(value, redact)} at ${pointer}, found ${found}`, true);
  }
  const all = wanted.map(([pointer, value]) => `${pointer} is ${shown(value, redact)}`);
  return held(`${place} answers ${status}: ${all.join(", ")}`);
}
