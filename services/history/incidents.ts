import type { Clock } from "../clock.ts";
import type { CauseView, Check } from "../health/check.ts";
import type { Monitor } from "../health/monitor.ts";
import type { Incident } from "./incident.ts";

export interface Incidents {
  /** Those that had not ended before `ms` (wall clock), oldest first. Default: all that are kept. */
  since(ms?: number): readonly Incident[];
  /** How many began since the start, by dependency. */
  readonly counts: ReadonlyMap<string, number>;
  /** Told when one begins, changes its cause, or ends. */
  subscribe(listener: (incident: Incident) => void): () => void;
  close(): void;
}

export interface IncidentsOptions {
  readonly monitor: Monitor;
  readonly clock: Clock;
  /** How many are kept; those that last are never dropped. Default 1000. */
  readonly capacity?: number;
}

/** Joins what the monitor publishes into incidents. A check that was never seen to pass begins one with its first word. */
export function createIncidents({ monitor, clock, capacity = 1000 }: IncidentsOptions): Incidents {
  const ended: Incident[] = [];
  const open = new Map<string, Incident>();
  const lastPass = new Map<string, number>();
  const listeners = new Set<(incident: Incident) => void>();
  const counts = new Map<string, number>();
  let count = 0;

  function tell(incident: Incident): void {
    for (const listener of listeners) listener(incident);
  }

  function end(name: string, incident: Incident, at: number): void {
    // A clock that was set back makes no interval that ends before it began.
    const whole = { ...incident, endedAt: Math.max(at, incident.startedAt) };
    open.delete(name);
    ended.push(whole);
    if (ended.length > capacity) ended.shift();
    tell(whole);
  }

  const unsubscribe = monitor.subscribe(({ name }) => {
    const [check] = monitor.checks([name]);
    if (check === undefined) return;
    const now = clock.now();
    const current = open.get(name);
    if (check.status === "pass") {
      lastPass.set(name, now);
      if (current !== undefined) end(name, current, now);
      return;
    }
    const next = current === undefined ? begin(check) : continued(current, check);
    if (next === current) return;
    open.set(name, next);
    tell(next);
  });

  function begin(check: Check): Incident {
    const { name, required } = check;
    const lastPassAt = lastPass.get(name);
    count += 1;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return {
      id: `${name}-${count}`,
      dependency: name,
      required,
      status: statusOf(check),
      ...(lastPassAt === undefined ? {} : { lastPassAt }),
      startedAt: clock.now(),
      cause: causeOf(check),
      codes: [causeOf(check).code],
    };
  }

  return {
    counts,
    since: (ms = Number.NEGATIVE_INFINITY) =>
      [...ended.filter(({ endedAt = Infinity }) => endedAt >= ms), ...open.values()].toSorted(
        (a, b) => a.startedAt - b.startedAt,
      ),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      unsubscribe();
      listeners.clear();
    },
  };
}

const SEVERITY = { warn: 0, unknown: 1, fail: 2 } as const;

/** The same object when nothing was added to it. */
function continued(incident: Incident, check: Check): Incident {
  const status = statusOf(check);
  const seen = causeOf(check);
  const worse = SEVERITY[status] > SEVERITY[incident.status];
  // A warning on the way back up does not explain the failure before it.
  const milder = SEVERITY[status] < SEVERITY[incident.status];
  const cause = milder ? incident.cause : seen;
  const known = incident.codes.includes(seen.code);
  if (!worse && known && incident.cause.code === cause.code) return incident;
  return {
    ...incident,
    status: worse ? status : incident.status,
    cause,
    codes: known ? incident.codes : [...incident.codes, seen.code],
  };
}

const statusOf = ({ status }: Check): Incident["status"] => (status === "pass" ? "warn" : status);

function causeOf({ cause, name }: Check): Incident["cause"] {
  const { code, title, message, rung, retryable, owner, remedies } = cause ?? unknownCause(name);
  return { code, title, message, rung, retryable, owner, remedies };
}

const unknownCause = (name: string): Omit<CauseView, "explanation"> => ({
  code: "CHECK_ERROR",
  title: "Nothing is known",
  message: `${name} does not pass, and no cause was named`,
  rung: "query",
  retryable: true,
  owner: "greenlight",
  remedies: [],
});
