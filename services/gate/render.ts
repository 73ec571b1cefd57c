import type { Clock } from "../clock.ts";
import type { Check } from "../health/check.ts";
import { toAsciiJson } from "../json.ts";
import type { Gate } from "./gate.ts";
import type { Hold, Holds } from "./holds.ts";
import type { Lease, Leases } from "./leases.ts";
import { seenDependencies, seenRequirements } from "./seen.ts";
import type { Evaluation, Verdict } from "./verdict.ts";

/** One answer, ready to send; made once for all who get the same evaluation. */
export interface RenderedVerdict {
  readonly suite: string;
  readonly verdict: Verdict;
  /** JSON in ASCII. */
  readonly body: string;
  /** Whole seconds after which it may be another; absent where asking again changes nothing. */
  readonly retryAfter?: string;
}

export interface RendererOptions {
  readonly gate: Gate;
  readonly holds: Pick<Holds, "get">;
  readonly leases: Pick<Leases, "get">;
  readonly clock: Clock;
  readonly environment: string;
  readonly version: string;
}

/** Turns evaluations into what a reader gets. */
export function createRenderer({ gate, holds, leases, clock, environment, version }: RendererOptions) {
  let last: { evaluation: Evaluation; rendered: RenderedVerdict } | undefined;

  function render(evaluation: Evaluation): RenderedVerdict {
    const { suite: name } = evaluation;
    const suite = gate.find(name);
    if (suite === undefined) throw new TypeError(`${name} is no suite`);
    const checks = gate.checks(name);
    const retryAfter = retryAfterOf(evaluation, [...checks.values()]);
    const body = {
      ...evaluation,
      stableForMs: Math.round(evaluation.stableForMs),
      graceMs: suite.graceMs,
      checks: seenRequirements(suite, checks),
      environment,
      version,
      time: isoOf(clock.now()),
      ...holdBody(holds.get(name)),
      ...leaseBody(leases.get(name)),
      dependencies: seenDependencies(checks),
    };
    return {
      suite: name,
      verdict: evaluation.verdict,
      body: toAsciiJson(body),
      ...(retryAfter === undefined ? {} : { retryAfter: String(retryAfter) }),
    };
  }

  return function renderOnce(evaluation: Evaluation): RenderedVerdict {
    if (last?.evaluation !== evaluation) last = { evaluation, rendered: render(evaluation) };
    return last.rendered;
  };
}

/** What is held or leased ends when somebody ends it; to ask more often helps nobody. */
const STANDING_SECONDS = 5;

function retryAfterOf(evaluation: Evaluation, checks: readonly Check[]): number | undefined {
  const { verdict, reasons, stableMs, stableForMs } = evaluation;
  if (verdict === "go" || verdict === "stop") return undefined;
  const codes = new Set(reasons.filter(({ effect }) => effect === "blocks").map(({ code }) => code));
  if (codes.has("HELD") || codes.has("LEASED")) return STANDING_SECONDS;
  if (codes.has("SETTLING")) return seconds(stableMs - stableForMs);
  const failing = checks.filter(({ status }) => status !== "pass" && status !== "warn");
  return seconds(Math.min(...failing.map(({ nextTryInMs }) => nextTryInMs)));
}

const seconds = (ms: number): number => Math.max(1, Math.ceil((Number.isFinite(ms) ? ms : 0) / 1000));

const isoOf = (ms: number): string => new Date(ms).toISOString();

const holdBody = (hold: Hold | undefined): Record<string, unknown> =>
  hold === undefined ? {} : { hold: { reason: hold.reason, by: hold.by, until: isoOf(hold.until) } };

/** Without its id, which is its holder's. */
const leaseBody = (lease: Lease | undefined): Record<string, unknown> =>
  lease === undefined ? {} : { lease: { holder: lease.holder, expiresAt: isoOf(lease.expiresAt) } };
