import { type Cause, causeOf } from "../causes.ts";
import type { CandidateFinding, DiscoveryResult } from "../dependencies/dependency.ts";
import type { CandidateClimb } from "../probe/climb.ts";
import { viewCause } from "./cause-view.ts";
import type { CandidateCheck, DiscoveryCheck, Whereabouts } from "./check.ts";

export interface ViewDiscoveryOptions {
  readonly found: DiscoveryResult;
  /** The dependency's name, for remedies. */
  readonly name: string;
  /** Where each candidate is, in order. */
  readonly targets: readonly Whereabouts[];
  /** Their ladders, when they were climbed. */
  readonly climbs?: readonly CandidateClimb[] | undefined;
}

/** Joins what a discovery found with what the table knows; each candidate's own target fills in its remedies. */
export function viewDiscovery(options: ViewDiscoveryOptions): DiscoveryCheck {
  const { serving, candidates } = options.found;
  return {
    ...(serving === undefined ? {} : { serving }),
    candidates: candidates.map((candidate, index) => viewCandidate(candidate, index, options)),
  };
}

function viewCandidate(
  { name, kind, serves, cause }: CandidateFinding,
  index: number,
  { name: dependency, targets, climbs = [] }: ViewDiscoveryOptions,
): CandidateCheck {
  const rungs = climbs.find((climb) => climb.name === name)?.rungs;
  return {
    name,
    kind,
    status: statusOf(cause),
    serves,
    ...(cause === undefined ? {} : { cause: viewCause(cause, dependency, targets[index]) }),
    ...(rungs === undefined ? {} : { rungs }),
  };
}

function statusOf(cause: Cause | undefined): CandidateCheck["status"] {
  if (cause === undefined) return "pass";
  if (cause.code === "NOT_EVALUATED" || cause.code === "CHECK_ERROR") return "unknown";
  return causeOf(cause.code).warns === true ? "warn" : "fail";
}
