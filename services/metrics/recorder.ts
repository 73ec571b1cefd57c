/** metrics: counts what the probes do, and writes it in the text format that Prometheus reads. */
import { causeIn } from "../probe/observation.ts";
import type { Monitor } from "../health/monitor.ts";

/** Upper bounds in seconds. */
export const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

export interface ProbeCounts {
  observations: number;
  seconds: number;
  readonly buckets: number[];
  readonly failures: Map<string, number>;
  readonly transitions: Map<string, number>;
  lastPassAt: number | undefined;
}

/** Counts per dependency since the start of the process; the set of labels is bounded by the table of causes. */
export function createRecorder(
  monitor: Monitor,
  names: readonly string[] = monitor.names,
): {
  counts: ReadonlyMap<string, ProbeCounts>;
  close: () => void;
} {
  const counts = new Map(names.map((name): [string, ProbeCounts] => [name, emptyCounts()]));
  const close = monitor.subscribe(({ name, state, before }) => {
    const count = counts.get(name);
    if (count === undefined) return;
    if (before !== undefined && before.breaker.state !== state.breaker.state) {
      add(count.transitions, `${before.breaker.state}:${state.breaker.state}`);
    }
    const { observation } = state;
    if (observation === undefined || observation === before?.observation) return;
    const seconds = observation.durationMs / 1000;
    count.observations += 1;
    count.seconds += seconds;
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) count.buckets[bucket] = (count.buckets[bucket] ?? 0) + 1;
    if (observation.status !== "fail") count.lastPassAt = observation.at;
    const cause = causeIn(observation);
    if (cause !== undefined) add(count.failures, cause.code);
  });
  return { counts, close };
}

const emptyCounts = (): ProbeCounts => ({
  observations: 0,
  seconds: 0,
  buckets: BUCKETS.map(() => 0),
  failures: new Map(),
  transitions: new Map(),
  lastPassAt: undefined,
});

const add = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
