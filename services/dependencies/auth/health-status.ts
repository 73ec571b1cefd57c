import type { Clock } from "../../clock.ts";
import { CauseError } from "../../errors.ts";
import type { Redact } from "../../redact.ts";
import type { HttpAnswer } from "../../net/http-request.ts";
import type { AuthCandidateOptions } from "../options.ts";
import { versionIn } from "../server-version.ts";
import { measureSkew } from "./clock-skew.ts";
import { type AuthHttp, expectNoRedirect, isSuccess } from "./http.ts";
import { expectIdentity } from "./identity.ts";
import { readStatus } from "./status-words.ts";

/** What the status of a candidate that serves told. */
export interface HealthReading {
  /** Its own word, when that says that something is wrong. */
  readonly degraded?: string;
  /** Milliseconds that the server's clock is ahead; undefined when it does not tell the time. */
  readonly skewMs: number | undefined;
  /** What it says of itself. */
  readonly version: string | undefined;
}

export interface ReadHealthOptions {
  readonly http: AuthHttp;
  readonly candidate: AuthCandidateOptions;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly redact: Redact;
}

/**
 * Asks for the status: it must be answered, carry the service's name, and a word that means that it serves.
 *
 * @throws {CauseError} `HTTP_REDIRECTED`, `HTTP_STATUS`, `IDENTITY_MISMATCH`, `REPORTS_DOWN`, `STATUS_UNKNOWN`; what the
 *   HTTP client throws.
 */
export async function readHealth(options: ReadHealthOptions): Promise<HealthReading> {
  const { http, candidate, clock, signal } = options;
  const url = new URL(candidate.url + candidate.healthPath);
  const sentAt = clock.now();
  const answer = await http.ask({ url, signal, headers: { accept: "application/json, */*;q=0.5" } });
  const skewMs = measureSkew({ sentAt, receivedAt: clock.now(), headers: answer.headers });
  expectNoRedirect(answer, url);
  const version = versionIn(answer.body, options.redact);
  return { ...judge(answer, candidate), skewMs, version };
}

function judge(answer: HttpAnswer, { service, healthPath }: AuthCandidateOptions): { degraded?: string } {
  const { standing, word } = readStatus(answer.body);
  const at = `${healthPath} answered ${answer.status}`;
  if (!isSuccess(answer)) {
    if (answer.status === 503 && standing === "down")
      throw new CauseError("REPORTS_DOWN", `${at} with the status ${word}`);
    throw new CauseError("HTTP_STATUS", `${healthPath}: expected 200 to 299, found ${answer.status}`);
  }
  // Before the word: another service's word says nothing about this one.
  expectIdentity(service, answer.body);
  if (standing === "down") throw new CauseError("REPORTS_DOWN", `${at} with the status ${word}`);
  if (standing === "unknown")
    throw new CauseError("STATUS_UNKNOWN", `expected a status such as ok or fail, ${at} with ${word}`);
  return standing === "degraded" ? { degraded: `${at} with the status ${word}` } : {};
}
