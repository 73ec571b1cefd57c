import type { Observation } from "../../services/probe/observation.ts";
import type { Verdict } from "../../services/gate/verdict.ts";
import type { Indicated, Indicators } from "../../services/remediation/verify-criterion.ts";

/** What of a suite's verdict is told. */
export interface JudgedSuite {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

export interface IndicatorOptions {
  /** Undefined where there is no such suite. */
  readonly judge: (suite: string, signal: AbortSignal) => Promise<JudgedSuite | undefined>;
  /** One observation now; undefined where nothing of that name is configured. */
  readonly measure: (dependency: string, signal: AbortSignal) => Promise<Observation | undefined>;
}

/** What can be measured today: verdicts, and how long one observation takes. */
export function createIndicators({ judge, measure }: IndicatorOptions): Indicators {
  return {
    read: ({ kind, of }, signal) =>
      kind === "verdict" ? readVerdict(of, judge, signal) : readDuration(of, measure, signal),
  };
}

async function readVerdict(
  suite: string,
  judge: IndicatorOptions["judge"],
  signal: AbortSignal,
): Promise<Indicated> {
  const judged = await judge(suite, signal);
  if (judged === undefined) return { kind: "unknown", because: `there is no suite ${suite}` };
  const { verdict, reasons } = judged;
  const why = reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
  return { kind: "known", value: verdict === "go" ? 1 : 0, evidence: `the verdict is ${verdict}${why}` };
}

async function readDuration(
  dependency: string,
  measure: IndicatorOptions["measure"],
  signal: AbortSignal,
): Promise<Indicated> {
  const observation = await measure(dependency, signal);
  if (observation === undefined)
    return { kind: "unknown", because: `nothing called ${dependency} is configured` };
  // How long a failure takes says nothing about how long an answer does.
  if (observation.status === "fail")
    return { kind: "unknown", because: `it fails: ${observation.cause.code}: ${observation.cause.message}` };
  const value = Math.round(observation.durationMs * 10) / 10;
  return { kind: "known", value, evidence: "one observation on a fresh connection, in ms" };
}
