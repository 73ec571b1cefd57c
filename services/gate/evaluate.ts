import type { FindingReasons } from "./findings.ts";
import { blocks } from "./requirements.ts";
import type { Evaluation, Reason, ReasonCode, Verdict } from "./verdict.ts";

export interface EvaluateInput {
  readonly suite: string;
  /** Of the requirements, at this moment. */
  readonly reasons: readonly Reason[];
  /** What else stands in the way: a hold, the lease of another run. */
  readonly standing: readonly Reason[];
  /** For how long all requirements are known to have been fit together, in ms; undefined while they are not. */
  readonly fitForMs: number | undefined;
  readonly stableMs: number;
  /** Whether causes that waiting cannot cure are still waited for. */
  readonly inGrace: boolean;
  /** What findings make of it. Default: nobody looks for any. */
  readonly findings?: FindingReasons | undefined;
  /** What else is worth a note. Default: nothing. */
  readonly notes?: readonly Reason[];
}

/** Pure: the verdict on a suite. It is `go` only when nothing blocks, and nothing has for the stability window. */
export function evaluate(input: EvaluateInput): Evaluation {
  const { suite, standing, fitForMs, stableMs, inGrace, findings, notes = [] } = input;
  const fit = fitForMs !== undefined && !input.reasons.some(blocks);
  // Not `<`: what is no number must not pass for long enough.
  const settling = fit && !(fitForMs >= stableMs) ? [settlingReason(fitForMs, stableMs)] : [];
  const { blocking = [], notes: found = [], strict = false, waivers = [] } = findings ?? {};
  const reasons = [...standing, ...blocking, ...settling, ...input.reasons, ...notes, ...found];
  return {
    suite,
    verdict: verdictOf(reasons.filter(blocks), { fit, inGrace }),
    fit,
    stableForMs: fit ? fitForMs : 0,
    stableMs,
    reasons,
    ...(strict && { strict }),
    ...(waivers.length > 0 && { waivers }),
  };
}

/** With one of these, nobody knows. */
const UNKNOWABLE: ReadonlySet<ReasonCode> = new Set(["UNKNOWN", "STANDING_UNREAD", "DRAINING"]);

function verdictOf(
  blocking: readonly Reason[],
  { fit, inGrace }: { fit: boolean; inGrace: boolean },
): Verdict {
  if (blocking.length === 0) return fit ? "go" : "inconclusive";
  if (!inGrace && blocking.some(({ curable }) => !curable)) return "stop";
  return blocking.some(({ code }) => UNKNOWABLE.has(code)) ? "inconclusive" : "wait";
}

function settlingReason(fitForMs: number, stableMs: number): Reason {
  return {
    code: "SETTLING",
    level: "required",
    effect: "blocks",
    curable: true,
    message: `All that is required is fit, and was seen to be for ${seconds(fitForMs)}; it must hold for ${seconds(stableMs)}.`,
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
