/** probe: how one dependency is observed: when, through which breaker, and what its first broken rung is. */
import type { Cause, Rung } from "../causes.ts";
import type { DiscoveryResult } from "../dependencies/dependency.ts";

export type Status = "pass" | "warn" | "fail";

/** One measurement of one dependency. */
export type Observation = {
  /** Wall-clock milliseconds at its end. */
  readonly at: number;
  readonly durationMs: number;
  /** Who serves, where one of several servers is to. */
  readonly discovery?: DiscoveryResult;
  /** What the server says of itself. */
  readonly version?: string;
} & ({ readonly status: "pass" } | { readonly status: "warn" | "fail"; readonly cause: Cause });

/** One rung of a ladder that was climbed; after the first that broke, the others are unknown. */
export type RungResult =
  | { readonly rung: Rung; readonly status: "pass"; readonly durationMs: number; readonly note?: string }
  | {
      readonly rung: Rung;
      readonly status: "warn" | "fail";
      readonly durationMs: number;
      readonly cause: Cause;
    }
  | {
      readonly rung: Rung;
      readonly status: "unknown";
      /** Not evaluated because of this. */
      readonly because: string;
    };

/** The warning for a query that took longer than `warnAboveMs`; undefined when it did not, or nothing is set. */
export function slowCause(tookMs: number, warnAboveMs: number | undefined): Cause | undefined {
  if (warnAboveMs === undefined || tookMs <= warnAboveMs) return undefined;
  return {
    code: "SLOW",
    rung: "query",
    message: `took ${tookMs.toFixed(0)} ms, allowed are ${warnAboveMs} ms`,
  };
}

export const causeIn = (observation: Observation): Cause | undefined =>
  observation.status === "pass" ? undefined : observation.cause;

/** What makes a failure of another kind than the last: its cause, and those of all servers that might have served. */
export function kindOfFailure(observation: Observation): string {
  const causes = [
    causeIn(observation),
    ...(observation.discovery?.candidates.map(({ cause }) => cause) ?? []),
  ];
  return causes.map((cause) => cause?.code ?? "").join(" ");
}
