/** The remediator's identity: tokens that Google gives the service's own account for another. */
import type { Clock } from "../../services/clock.ts";
import { toGcpError } from "../../services/gcp/errors.ts";
import { isRecord, parseJson } from "../../services/json.ts";
import type { GcpError } from "../../services/gcp/transport.ts";
import type { Endpoints } from "./endpoints.ts";
import { exchange } from "./exchange.ts";
import type { TokenAnswer, Tokens } from "./tokens.ts";

export interface Impersonation {
  /** Who asks: needs roles/iam.serviceAccountTokenCreator on the account. */
  readonly own: Tokens;
  readonly account: string;
  readonly endpoints: Endpoints;
  readonly clock: Clock;
}

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
/** Shorter than Google's hour: nobody applies for so long, and a leaked one is of less use. */
const LIFETIME_S = 1800;
/** Before its end it is not used any more. */
const MARGIN_MS = 120_000;
const TIMEOUT_MS = 10_000;

type Ok = Extract<TokenAnswer, { kind: "ok" }>;

/** The library's own `Impersonated` prints warnings and quotes answers in errors; this is its one request. */
export function createImpersonatedTokens({ own, account, endpoints, clock }: Impersonation): Tokens {
  let kept: { readonly answer: Ok; readonly until: number } | undefined;
  let pending: Promise<TokenAnswer> | undefined;

  async function fetchToken(signal: AbortSignal): Promise<TokenAnswer> {
    const mine = await own.get(signal);
    if (mine.kind === "failed") return mine;
    const path = `/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`;
    const headers = new Headers(mine.headers);
    headers.set("content-type", "application/json");
    const exchanged = await exchange(mine.http, {
      url: `${endpoints("iamcredentials")}${path}`,
      method: "POST",
      headers,
      body: JSON.stringify({ scope: [SCOPE], lifetime: `${LIFETIME_S}s` }),
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    if (exchanged.kind === "silent") {
      const code = exchanged.timedOut ? "GCP_TIMEOUT" : "GCP_UNAVAILABLE";
      return failed({ code, status: 0, message: `iamcredentials gave no answer (${exchanged.code})` });
    }
    const { status, text } = exchanged.answer;
    if (status === 401) own.drop();
    if (status !== 200) return failed(toGcpError(exchanged.answer));
    const body = parseJson(text);
    const { accessToken, expireTime } = isRecord(body) ? body : {};
    const until = typeof expireTime === "string" ? Date.parse(expireTime) : Number.NaN;
    if (typeof accessToken !== "string" || accessToken === "" || Number.isNaN(until))
      return failed({ code: "GCP_MALFORMED", status, message: "iamcredentials gave no token" });
    const bearer = new Headers({ authorization: `Bearer ${accessToken}` });
    const answer = { kind: "ok", headers: bearer, http: mine.http } as const;
    kept = { answer, until: until - MARGIN_MS };
    return answer;
  }

  /** Never "not found": that the account is missing says nothing about what it was to ask for. */
  function failed(error: GcpError): TokenAnswer {
    const code =
      error.code === "GCP_NOT_FOUND" || error.code === "GCP_INVALID" ? "GCP_UNAUTHENTICATED" : error.code;
    const hint = error.status === 403 ? " (it takes roles/iam.serviceAccountTokenCreator on it)" : "";
    const message = `cannot act as ${account}${hint}: ${error.message}`;
    return { kind: "failed", error: { ...error, code, message } };
  }

  return {
    async get(signal) {
      if (kept !== undefined && clock.now() < kept.until) return kept.answer;
      // Not shared by those who ask at once beyond one: each has a signal of its own, and one token too many is cheap.
      pending ??= fetchToken(signal).finally(() => {
        pending = undefined;
      });
      const answer = await pending.catch(() => undefined);
      signal.throwIfAborted();
      return answer ?? fetchToken(signal);
    },
    drop() {
      kept = undefined;
    },
  };
}
