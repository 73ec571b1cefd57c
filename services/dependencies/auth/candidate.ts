import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { CauseError } from "../../errors.ts";
import { classifyError } from "../classify.ts";
import { withDeadline } from "../../net/deadline.ts";
import type { Redact } from "../../redact.ts";
import type { Connection, Dependency } from "../dependency.ts";
import type { AuthCandidateOptions, AuthOptions } from "../options.ts";
import { parseServiceTarget } from "../target.ts";
import { describeSkew, expectClock } from "./clock-skew.ts";
import { type HealthReading, readHealth } from "./health-status.ts";
import { type AuthHttp, createAuthHttp, isSuccess } from "./http.ts";
import { createSecrets } from "./secrets.ts";

/** A connection whose status can warn although all that is asserted holds. */
export interface CandidateConnection extends Connection {
  /** The warning that the last `query` came upon. */
  warning(): CauseError | undefined;
}

/** One server that may be the auth service, as a dependency of its own. */
export interface CandidateDependency extends Dependency {
  open(signal: AbortSignal): Promise<CandidateConnection>;
}

export interface CandidateContext {
  readonly auth: AuthOptions;
  readonly clock: Clock;
}

/** Makes the adapter for one candidate. */
export function createCandidate(
  candidate: AuthCandidateOptions,
  { auth, clock }: CandidateContext,
): CandidateDependency {
  const { url, name, tls } = candidate;
  const { target, redact: redactUrl } = parseServiceTarget({ url, tls });
  const secrets = createSecrets(candidate);
  const redact: Redact = (text) => secrets.redact(redactUrl(text));
  const { required, intervalMs, deadlines } = auth;
  return {
    name,
    kind: "auth",
    required,
    intervalMs,
    warnAboveMs: undefined,
    // Status, documents and tokens are several round trips: the whole time is theirs.
    deadlines: { ...deadlines, queryMs: deadlines.totalMs },
    target,
    redact,
    asserts: true,
    async open() {
      const http = createAuthHttp({ target, tls, connectMs: deadlines.connectMs });
      return connectionOf({ candidate, auth, clock, http, redact, learn: secrets.learn });
    },
    classify: (error, rung) => classifyError({ error, rung, redact, recognise: () => undefined }),
    answered: (error) => error instanceof CauseError,
  };
}

interface ConnectionOptions extends CandidateContext {
  readonly candidate: AuthCandidateOptions;
  readonly http: AuthHttp;
  readonly redact: Redact;
  readonly learn: (secret: string) => void;
}

function connectionOf(options: ConnectionOptions): CandidateConnection {
  const { candidate, auth, clock, http, redact, learn } = options;
  const { connectMs, queryMs } = auth.deadlines;
  let reading: HealthReading | undefined;

  function warning(): CauseError | undefined {
    return reading?.degraded === undefined ? undefined : new CauseError("REPORTS_DEGRADED", reading.degraded);
  }

  return {
    lost: http.lost,
    version: () => reading?.version,
    destroy: () => http.close(),
    warning,
    async query(signal) {
      reading = undefined;
      // Before the whole time is over: a silent server is known by then, also to those who wait for all candidates.
      const wait = { ms: connectMs + queryMs, waitedFor: `GET ${candidate.healthPath}`, signal };
      reading = await withDeadline(wait, (inner) =>
        readHealth({ http, candidate, clock, redact, signal: inner }),
      );
      const { skewMs } = reading;
      if (skewMs === undefined) return "no Date header: its clock is not known";
      return skewMs === 0 ? undefined : `its clock is ${describeSkew(skewMs)} ours`;
    },
    async assert(signal) {
      await expectLimits({ http, candidate, signal });
      expectClock(reading?.skewMs, auth.maxClockSkewMs);
      const held = await walk(signal);
      // Last: a warning must not hide what fails.
      const warned = warning();
      if (warned !== undefined) throw warned;
      return held;
    },
  };

  async function walk(signal: AbortSignal): Promise<string | undefined> {
    const { oidc } = candidate;
    if (oidc === undefined) return undefined;
    // Loaded for those alone who need it: the library for signatures is large.
    const { walkOidc } = await import("./round-trip.ts");
    const { maxClockSkewMs } = auth;
    return walkOidc({ http, candidate, oidc, clock, maxClockSkewMs, signal, learn });
  }
}

/**
 * Asks for a path that cannot exist.
 *
 * @throws {CauseError} `ANSWERS_EVERYTHING` when that is answered with success.
 */
async function expectLimits(options: {
  http: AuthHttp;
  candidate: AuthCandidateOptions;
  signal: AbortSignal;
}): Promise<void> {
  const { http, candidate, signal } = options;
  const url = new URL(`${candidate.url}/greenlight-${randomUUID()}`);
  const answer = await http.ask({ url, signal });
  if (!isSuccess(answer)) return;
  throw new CauseError(
    "ANSWERS_EVERYTHING",
    `expected 404 for a path that cannot exist, found ${answer.status}`,
  );
}
