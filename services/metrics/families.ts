import type { Check } from "../health/check.ts";
import type { Family, Sample } from "./exposition.ts";
import { BUCKETS, type ProbeCounts } from "./recorder.ts";

export interface FamiliesOptions {
  readonly checks: readonly Check[];
  readonly counts: ReadonlyMap<string, ProbeCounts>;
  readonly environment: string;
  readonly version: string;
}

const BREAKER_STATES = ["closed", "open", "halfOpen"] as const;

/** All of Greenlight's metrics, in base units and with a bounded set of labels. */
export function collectFamilies({ checks, counts, environment, version }: FamiliesOptions): Family[] {
  const gauge = (name: string, help: string, value: (check: Check) => number | undefined): Family => ({
    name,
    help,
    type: "gauge",
    samples: checks.flatMap((check): Sample[] => {
      const found = value(check);
      return found === undefined ? [] : [[{ dependency: check.name, kind: check.kind }, found]];
    }),
  });
  const perDependency = (samples: (name: string, count: ProbeCounts) => Sample[]): Sample[] =>
    [...counts].flatMap(([name, count]) => samples(name, count));
  return [
    {
      name: "greenlight_build_info",
      type: "gauge",
      help: "Version and environment; the value is always 1.",
      samples: [[{ version, environment }, 1]],
    },
    gauge("greenlight_dependency_up", "1 when the dependency passes or warns, 0 otherwise.", (check) =>
      check.status === "pass" || check.status === "warn" ? 1 : 0,
    ),
    gauge("greenlight_dependency_required", "1 when the environment is unfit without it.", (check) =>
      Number(check.required),
    ),
    gauge(
      "greenlight_dependency_observation_age_seconds",
      "Seconds since the last try.",
      (check) => check.ageMs / 1000,
    ),
    gauge(
      "greenlight_dependency_last_success_timestamp_seconds",
      "Time of the last passing observation.",
      (check) => {
        const at = counts.get(check.name)?.lastPassAt;
        return at === undefined ? undefined : at / 1000;
      },
    ),
    {
      name: "greenlight_dependency_cause",
      type: "gauge",
      help: "1 for the cause that holds now.",
      samples: checks.flatMap((check): Sample[] =>
        check.cause === undefined ? [] : [[{ dependency: check.name, cause: check.cause.code }, 1]],
      ),
    },
    {
      name: "greenlight_auth_candidate_serves",
      type: "gauge",
      help: "1 for the candidate that serves as the auth service, 0 for the others.",
      samples: checks.flatMap(({ discovery }): Sample[] =>
        (discovery?.candidates ?? []).map(({ name, kind, serves }) => [
          { candidate: name, kind },
          Number(serves),
        ]),
      ),
    },
    {
      name: "greenlight_circuit_state",
      type: "gauge",
      help: "1 for the state the circuit breaker is in.",
      samples: checks.flatMap((check) =>
        BREAKER_STATES.map((state): Sample => [
          { dependency: check.name, state },
          Number(check.breaker.state === state),
        ]),
      ),
    },
    {
      name: "greenlight_circuit_transitions_total",
      type: "counter",
      help: "Changes of the circuit breaker's state.",
      samples: perDependency((dependency, { transitions }) =>
        [...transitions].map(([key, value]): Sample => {
          const [from = "", to = ""] = key.split(":");
          return [{ dependency, from, to }, value];
        }),
      ),
    },
    {
      name: "greenlight_observation_failures_total",
      type: "counter",
      help: "Observations that did not pass, by cause.",
      samples: perDependency((dependency, { failures }) =>
        [...failures].map(([cause, value]): Sample => [{ dependency, cause }, value]),
      ),
    },
    {
      name: "greenlight_observation_duration_seconds",
      type: "histogram",
      help: "Time one observation took.",
      samples: perDependency(histogram),
    },
  ];
}

function histogram(dependency: string, { buckets, observations, seconds }: ProbeCounts): Sample[] {
  let below = 0;
  const cumulative = BUCKETS.map((bound, index): Sample => {
    below += buckets[index] ?? 0;
    return [{ dependency, le: String(bound) }, below, "_bucket"];
  });
  return [
    ...cumulative,
    [{ dependency, le: "+Inf" }, observations, "_bucket"],
    [{ dependency }, seconds, "_sum"],
    [{ dependency }, observations, "_count"],
  ];
}
