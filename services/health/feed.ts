import type { Clock } from "../clock.ts";
import type { ProbeState } from "../probe/prober.ts";
import type { Monitor, StateChange } from "./monitor.ts";

/** One change, in the order it happened: of a dependency's status, cause or breaker, of the verdict on a suite, of what is found, of a run. */
export type FeedEvent = StatusEvent | VerdictEvent | FindingsEvent | RunEvent;

interface Told {
  readonly id: number;
  /** Wall-clock milliseconds. */
  readonly at: number;
}

export interface StatusEvent extends Told {
  readonly type: "status";
  readonly dependency: string;
  readonly status: string;
  readonly cause: string | undefined;
  readonly breaker: string;
  /** Of a dependency that is found among several: which serves, null when none does. */
  readonly serving?: string | null;
}

/** A verdict, or why it is that, as far as the feed tells it. */
export interface VerdictNews {
  readonly suite: string;
  readonly verdict: string;
  /** Codes of the reasons. */
  readonly reasons: readonly string[];
}

export interface VerdictEvent extends Told, VerdictNews {
  readonly type: "verdict";
}

/** What was found and was not before, and what is gone; ids, at most {@link MOST_IDS} of each. */
export interface FindingsNews {
  readonly appeared: readonly string[];
  readonly gone: readonly string[];
  /** Those that no waiver covers, by severity. */
  readonly open: Readonly<Record<string, number>>;
  /** Whether every area has been looked at. */
  readonly complete: boolean;
}

export interface FindingsEvent extends Told, FindingsNews {
  readonly type: "findings";
}

/** How a remediation goes on: ids and words of the journal, and no sentence that an action or a server wrote. */
export interface RunNews {
  readonly runId: string;
  /** `run-started`, `step-ended`, `waiting`. */
  readonly what: string;
  readonly step?: string;
  /** Of a step that ended: `done`; of the run: `succeeded`. */
  readonly result?: string;
  /** Of a run that begins. */
  readonly plan?: string;
  readonly environment?: string;
  readonly by?: string;
}

export interface RunEvent extends Told, RunNews {
  readonly type: "run";
}

export interface Feed {
  /** Events after `id` that are still kept, oldest first. */
  since(id: number): readonly FeedEvent[];
  /** Puts a new verdict in its place among the changes of the dependencies. */
  tellVerdict(news: VerdictNews): void;
  /** Puts a change of the findings in its place. */
  tellFindings(news: FindingsNews): void;
  /** Puts progress of a run in its place. */
  tellRun(news: RunNews): void;
  subscribe(listener: (event: FeedEvent) => void): () => void;
  close(): void;
}

export interface FeedOptions {
  readonly monitor: Monitor;
  readonly clock: Clock;
  /** Of what changes are told. Default: all that the monitor observes. */
  readonly names?: readonly string[];
  readonly capacity?: number;
}

/** Keeps the last `capacity` changes, for callers that reconnect; repetitions of the same state are no change. */
export function createFeed({ monitor, clock, names, capacity = 256 }: FeedOptions): Feed {
  const kept: FeedEvent[] = [];
  const listeners = new Set<(event: FeedEvent) => void>();
  const shown = new Set(names ?? monitor.names);
  let lastId = 0;

  type News =
    | Omit<StatusEvent, keyof Told>
    | Omit<VerdictEvent, keyof Told>
    | Omit<FindingsEvent, keyof Told>
    | Omit<RunEvent, keyof Told>;

  function publish(event: News): void {
    lastId += 1;
    const told: FeedEvent = { id: lastId, at: clock.now(), ...event };
    kept.push(told);
    if (kept.length > capacity) kept.shift();
    for (const listener of listeners) listener(told);
  }

  const unsubscribe = monitor.subscribe((change) => {
    const { name, state } = change;
    if (!shown.has(name) || !isNews(change)) return;
    publish({
      type: "status",
      dependency: name,
      status: state.status,
      cause: state.cause?.code,
      breaker: state.breaker.state,
      ...servingOf(state),
    });
  });

  return {
    tellVerdict: (news) => publish({ type: "verdict", ...news }),
    tellRun: (news) => publish({ type: "run", ...news }),
    tellFindings: ({ appeared, gone, ...rest }) =>
      publish({
        type: "findings",
        appeared: appeared.slice(0, MOST_IDS),
        gone: gone.slice(0, MOST_IDS),
        ...rest,
      }),
    // Ids start anew with the process: a reader that knows a later one has seen none of these.
    since: (id) => kept.filter((event) => event.id > id || id > lastId),
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

/** A reader that wants them all asks for them. */
const MOST_IDS = 20;

function isNews({ state, before }: StateChange): boolean {
  return (
    before === undefined ||
    before.status !== state.status ||
    before.cause?.code !== state.cause?.code ||
    servingOf(before).serving !== servingOf(state).serving ||
    before.breaker.state !== state.breaker.state
  );
}

function servingOf({ observation }: ProbeState): Pick<StatusEvent, "serving"> {
  const discovery = observation?.discovery;
  return discovery === undefined ? {} : { serving: discovery.serving?.name ?? null };
}
