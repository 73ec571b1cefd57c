import { type Cause, causeOf } from "../causes.ts";
import type { DiscoveryResult } from "../dependencies/dependency.ts";
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
export function viewDiscovery({ found, name, targets, climbs = [] }: ViewDiscoveryOptions): DiscoveryCheck {
  const { serving, candidates } = found;
  return {
    ...(serving === undefined ? {} : { serving }),
    candidates: candidates.map(({ name: candidate, kind, serves, cause }, index): CandidateCheck => {
      const rungs = climbs.find((climb) => climb.name === candidate)?.rungs;
      return {
        name: candidate,
        kind,
        serves,
        status: statusOf(cause),
        ...(cause === undefined ? {} : { cause: viewCause(cause, name, targets[index]) }),
        ...(rungs === undefined ? {} : { rungs }),
      };
    }),
  };
}

function statusOf(cause: Cause | undefined): CandidateCheck["status"] {
  if (cause === undefined) return "pass";
  if (cause.code === "NOT_EVALUATED" || cause.code === "CHECK_ERROR") return "unknown";
  return causeOf(cause.code).warns === true ? "warn" : "fail";
}
