import type { Clock } from "../clock.ts";
import type { ProbeState } from "../probe/prober.ts";
import type { Monitor, StateChange } from "./monitor.ts";

/** One change of status, cause or breaker, in the order it happened. */
export interface FeedEvent {
  readonly id: number;
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly dependency: string;
  readonly status: string;
  readonly cause: string | undefined;
  readonly breaker: string;
  /** Of a dependency that is found among several: which serves, null when none does. */
  readonly serving?: string | null;
}

export interface Feed {
  /** Events after `id` that are still kept, oldest first. */
  since(id: number): readonly FeedEvent[];
  subscribe(listener: (event: FeedEvent) => void): () => void;
  close(): void;
}

/** Keeps the last `capacity` changes, for callers that reconnect; repetitions of the same state are no change. */
export function createFeed(options: { monitor: Monitor; clock: Clock; capacity?: number }): Feed {
  const { monitor, clock, capacity = 256 } = options;
  const kept: FeedEvent[] = [];
  const listeners = new Set<(event: FeedEvent) => void>();
  let lastId = 0;

  const unsubscribe = monitor.subscribe((change) => {
    if (!isNews(change)) return;
    const { name, state } = change;
    lastId += 1;
    const event = {
      id: lastId,
      at: clock.now(),
      dependency: name,
      status: state.status,
      cause: state.cause?.code,
      breaker: state.breaker.state,
      ...servingOf(state),
    };
    kept.push(event);
    if (kept.length > capacity) kept.shift();
    for (const listener of listeners) listener(event);
  });

  return {
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

function isNews({ state, before }: StateChange): boolean {
  return (
    before === undefined ||
    before.status !== state.status ||
    before.cause?.code !== state.cause?.code ||
    servingOf(before).serving !== servingOf(state).serving ||
    before.breaker.state !== state.breaker.state
  );
}

function servingOf({ observation }: ProbeState): Pick<FeedEvent, "serving"> {
  const discovery = observation?.discovery;
  return discovery === undefined ? {} : { serving: discovery.serving?.name ?? null };
}
