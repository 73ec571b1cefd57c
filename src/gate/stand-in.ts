import type { ReasonCode } from "../../services/gate/verdict.ts";
import type { GateAnswer } from "./gate-answer.ts";

/** What stands in the way of a suite by the service's word alone: nobody else can see that it is gone. */
const SEEN_THERE_ALONE: ReadonlySet<ReasonCode> = new Set(["HELD", "STANDING_UNREAD", "LEASED", "FINDING"]);

export interface StandInOptions {
  /** What the service said last; undefined when it never answered. */
  readonly last: GateAnswer | undefined;
  /** Which environment this machine is configured for. */
  readonly environment: string;
  /** The suite is running already, so that only what happens to the environment counts. */
  readonly running?: boolean;
}

/**
 * Pure: why this machine may not look in the place of a service that is lost, in one sentence; undefined when it may.
 * A `go` of another environment would be a wrong one, and so would one over somebody's hold.
 */
export function whyNoStandIn({ last, environment, running = false }: StandInOptions): string | undefined {
  if (last === undefined) return undefined;
  const known = last.environment !== "unknown" && environment !== "unknown";
  if (known && last.environment !== environment)
    return `The service is asked again, and nobody looks from here: it answered for ${last.environment}, and this machine is configured for ${environment}.`;
  const blocking = last.evaluation.reasons.find(
    ({ code, effect }) => effect === "blocks" && SEEN_THERE_ALONE.has(code),
  );
  if (running || blocking === undefined) return undefined;
  return `The service is asked again, and nobody looks from here: what it said last cannot be seen from here (${blocking.code}).`;
}
