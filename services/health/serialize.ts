import { createHash } from "node:crypto";
import { toAsciiJson } from "../json.ts";
import type { RungResult, Status } from "../probe/observation.ts";
import type { CandidateCheck, CauseView, Check } from "./check.ts";

/** One answer, ready to send; made at most ten times a second however many callers ask. */
export interface Rendered {
  readonly status: Status;
  /** JSON in ASCII alone: other characters are escaped, so that its length in characters is its length in bytes. */
  readonly body: string;
  /** Weak: over the meaning, not over times and durations. */
  readonly etag: string;
  /** Whole seconds since the oldest observation in it. */
  readonly age: string;
  /** Whole seconds until the next try of what fails, at least 1. */
  readonly retryAfter: string;
  readonly stale: boolean;
}

export interface RenderOptions {
  readonly status: Status;
  readonly checks: readonly Check[];
  readonly environment: string;
  readonly version: string;
}

/** Renders a snapshot in the shape of draft-inadarei-api-health-check-06, with the members of Greenlight's own. */
export function renderHealth({ status, checks, environment, version }: RenderOptions): Rendered {
  const stale = checks.some((check) => check.stale);
  const ageMs = Math.round(Math.max(0, ...checks.map((check) => check.ageMs)));
  const failing = checks.filter((check) => check.status !== "pass");
  const body = toAsciiJson({
    status,
    version,
    serviceId: "greenlight",
    environment,
    stale,
    ageMs,
    ...(status === "pass"
      ? {}
      : { output: failing.map(({ name, cause }) => `${name}: ${cause?.code ?? "unknown"}`).join(", ") }),
    checks: Object.fromEntries(checks.map((check) => [`${check.name}:responseTime`, [checkBody(check)]])),
  });
  const soonest = Math.min(...failing.map((check) => check.nextTryInMs));
  return {
    status,
    body,
    stale,
    etag: etagOf(status, checks),
    age: String(Math.floor(ageMs / 1000)),
    retryAfter: String(Math.max(1, Math.ceil((Number.isFinite(soonest) ? soonest : 0) / 1000))),
  };
}

function checkBody(check: Check): Record<string, unknown> {
  const { name, kind, status, durationMs, at, cause, rungs, discovery, version, breaker } = check;
  return {
    componentId: name,
    componentType: DATASTORES.has(kind) ? "datastore" : "component",
    status,
    required: check.required,
    ...(durationMs === undefined ? {} : { observedValue: round(durationMs), observedUnit: "ms" }),
    ...(at === undefined ? {} : { time: new Date(at).toISOString() }),
    ...(cause === undefined ? {} : { output: `${cause.title}: ${cause.message}`, cause: causeBody(cause) }),
    ...(rungs === undefined ? {} : { rungs: rungs.map(rungBody) }),
    ...(discovery === undefined ? {} : discoveryBody(discovery)),
    ...(version === undefined ? {} : { version }),
    breaker: breakerBody(breaker),
    stale: check.stale,
    ageMs: Math.round(check.ageMs),
  };
}

const DATASTORES: ReadonlySet<string> = new Set(["postgres", "clickhouse", "redis"]);

function discoveryBody({ serving, candidates }: NonNullable<Check["discovery"]>): Record<string, unknown> {
  return {
    ...(serving === undefined ? {} : { serving: serving.name, assurance: serving.assurance }),
    candidates: candidates.map(candidateBody),
  };
}

/** Without its rungs, which `/why` has. */
function candidateBody({ name, kind, status, serves, cause }: CandidateCheck): Record<string, unknown> {
  return { name, kind, status, serves, ...(cause === undefined ? {} : { cause: causeBody(cause) }) };
}

/** Without the explanation, which `/why` has. */
function causeBody({ explanation: _explanation, ...shown }: CauseView): Omit<CauseView, "explanation"> {
  return shown;
}

/** A rung as shown: the cause of a broken one by its code, since the check carries it whole. */
export function rungBody(rung: RungResult): Record<string, unknown> {
  if (rung.status === "unknown") return { ...rung };
  const durationMs = round(rung.durationMs);
  return rung.status === "pass" ? { ...rung, durationMs } : { ...rung, durationMs, cause: rung.cause.code };
}

function breakerBody(breaker: Check["breaker"]): Record<string, unknown> {
  if (breaker.state === "closed") return { state: "closed" };
  const openedAt = new Date(breaker.openedAt).toISOString();
  if (breaker.state === "halfOpen") return { state: "halfOpen", openedAt };
  return { state: "open", openedAt, nextTryAt: new Date(breaker.nextTryAt).toISOString() };
}

function etagOf(status: Status, checks: readonly Check[]): string {
  const meaning = checks.map(({ name, status, required, cause, discovery, version, breaker, stale }) => [
    name,
    status,
    required,
    cause?.code,
    // How slow a slow answer was is a duration like others.
    cause?.message.replaceAll(/[\d.]+ (m?s)\b/g, "$1"),
    discovery?.serving?.name,
    version,
    ...(discovery?.candidates.map((each) => [each.name, each.status, each.cause?.code]) ?? []),
    breaker.state,
    stale,
  ]);
  const hash = createHash("sha256")
    .update(JSON.stringify([status, meaning]))
    .digest("base64url");
  return `W/"${hash.slice(0, 22)}"`;
}

const round = (ms: number): number => Math.round(ms * 100) / 100;
