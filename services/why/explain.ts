/** why: one dependency's answer to "what is broken, how do you know, and what puts it right?" */
import { viewCause } from "../health/cause-view.ts";
import type { CandidateCheck, CauseView, Check, DiscoveryCheck } from "../health/check.ts";
import { viewDiscovery } from "../health/discovery-view.ts";
import { rungBody } from "../health/serialize.ts";
import type { ClimbResult } from "../probe/climb.ts";
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
  /** What the server says of itself. */
  readonly version?: string;
  /** Where one of several servers is to serve: which does, and why each of the others does not. */
  readonly candidates?: readonly CandidateExplanation[];
}

export interface CandidateExplanation {
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly serves: boolean;
  readonly cause?: CauseView;
  readonly rungs: readonly Record<string, unknown>[];
  readonly nextSteps: readonly string[];
}

/**
 * Explains what a check shows. `ladder` is a climb made for this question; without one (the dependency is known to be
 * broken and was climbed then) the rungs kept with the check are used.
 */
export function explain(check: Check, ladder: ClimbResult | undefined): Explanation {
  const { name, target } = check;
  const cause =
    check.cause ?? (ladder?.cause === undefined ? undefined : viewCause(ladder.cause, name, target));
  const discovery = discoveryOf(check, ladder);
  const rungs: readonly RungResult[] = check.rungs ?? ladder?.rungs ?? [];
  const version = check.version ?? ladder?.version;
  return {
    dependency: check.name,
    status: check.status,
    summary: summaryOf(check, cause, rungs),
    ...(cause === undefined ? {} : { cause, explanation: cause.explanation }),
    rungs: rungs.map(rungBody),
    nextSteps: cause?.remedies ?? [],
    ...(version === undefined ? {} : { version }),
    ...(discovery === undefined ? {} : { candidates: discovery.candidates.map(explainCandidate) }),
  };
}

/** Of a climb made for the question; else what is kept with the check. */
function discoveryOf(
  { name, discovery }: Check,
  ladder: ClimbResult | undefined,
): DiscoveryCheck | undefined {
  const known = discovery?.candidates.some(({ rungs }) => rungs !== undefined) === true;
  if (known || ladder?.discovery === undefined) return discovery;
  const climbs = ladder.candidates ?? [];
  return viewDiscovery({
    found: ladder.discovery,
    name,
    targets: climbs.map(({ target }) => target),
    climbs,
  });
}

function explainCandidate({ rungs, cause, ...candidate }: CandidateCheck): CandidateExplanation {
  return {
    ...candidate,
    ...(cause === undefined ? {} : { cause }),
    rungs: (rungs ?? []).map(rungBody),
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
