import { formatDuration } from "../../services/duration.ts";
import type { Availability } from "../../services/history/availability.ts";
import { plural } from "../views/run-words.ts";
import type { Observation } from "../../services/probe/observation.ts";
import type { Verdict } from "../../services/gate/verdict.ts";
import type { Indicated, Indicator, Indicators } from "../../services/remediation/verify-criterion.ts";

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
  /** What a service has seen; absent at a command line, which remembers nothing. */
  readonly availability?: Pick<Availability, "measure">;
}

/** Verdicts, how long one observation takes, and how much of a window a dependency passed. */
export function createIndicators({ judge, measure, availability }: IndicatorOptions): Indicators {
  return {
    async read(indicator, signal) {
      const { kind, of } = indicator;
      if (kind === "verdict") return readVerdict(of, judge, signal);
      return kind === "duration"
        ? readDuration(of, measure, signal)
        : readAvailability(indicator, availability);
    },
  };
}

/** So much of a window has to be known, as a share: seconds at its edges never are. */
const KNOWN = 0.95;

function readAvailability(
  { of, windowMs, minSamples }: Indicator,
  availability: IndicatorOptions["availability"],
): Indicated {
  if (availability === undefined)
    return { kind: "unknown", because: "only a service, which observes all the time, has a history" };
  const measured = availability.measure(of, windowMs);
  if (measured === undefined) return { kind: "unknown", because: `nothing called ${of} is observed` };
  const { knownMs, downMs, samples } = measured;
  const seen = `${plural(samples, "observation")} in ${formatDuration(windowMs)}`;
  if (samples < minSamples)
    return { kind: "insufficient", because: `insufficient data: ${seen}, expected at least ${minSamples}` };
  if (knownMs < KNOWN * windowMs) {
    const known = formatDuration(Math.round(knownMs / 1000) * 1000);
    return {
      kind: "insufficient",
      because: `insufficient data: ${known} of ${formatDuration(windowMs)} are known`,
    };
  }
  const percent = 100 * (1 - downMs / knownMs);
  // Rounded down: 99.9996 is not 100.
  const value = Math.floor(percent * 1000) / 1000;
  return { kind: "known", value, evidence: `${seen}; it did not pass for ${(downMs / 1000).toFixed(1)} s` };
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
