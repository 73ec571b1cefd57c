/** why: one dependency's answer to "what is broken, how do you know, and what puts it right?" */
import { viewCause } from "../health/cause-view.ts";
import type { CauseView, Check } from "../health/check.ts";
import { rungBody } from "../health/serialize.ts";
import type { LadderResult } from "../probe/ladder.ts";
import type { RungResult } from "../probe/observation.ts";

export interface Explanation {
  readonly dependency: string;
  readonly status: string;
  /** One sentence: the verdict. */
  readonly summary: string;
  readonly cause?: CauseView;
  readonly explanation?: string;
  readonly rungs: readonly Record<string, unknown>[];
  /** Numbered by position, best first. */
  readonly nextSteps: readonly string[];
}

/**
 * Explains what a check shows. `ladder` is a climb made for this question; without one (the dependency is known to be
 * broken and was climbed then) the rungs kept with the check are used.
 */
export function explain(check: Check, ladder: LadderResult | undefined): Explanation {
  const cause =
    check.cause ?? (ladder?.cause === undefined ? undefined : viewCause(ladder.cause, check.name));
  const rungs: readonly RungResult[] = check.rungs ?? ladder?.rungs ?? [];
  return {
    dependency: check.name,
    status: check.status,
    summary: summaryOf(check, cause, rungs),
    ...(cause === undefined ? {} : { cause, explanation: cause.explanation }),
    rungs: rungs.map(rungBody),
    nextSteps: cause?.remedies ?? [],
  };
}

function summaryOf(
  { name, status }: Check,
  cause: CauseView | undefined,
  rungs: readonly RungResult[],
): string {
  if (cause === undefined) {
    const held = rungs.filter((rung) => rung.status === "pass").length;
    return `${name} passes: ${held === 0 ? "the last observation held" : `all ${held} rungs hold`}.`;
  }
  const wait = cause.retryable ? "It may recover by itself." : "Waiting will not help.";
  const verb = status === "fail" ? "fails" : status === "warn" ? "warns" : "cannot be judged";
  return `${name} ${verb}: ${lowerFirst(cause.title)} (${cause.code}, at ${cause.rung}). ${wait}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
