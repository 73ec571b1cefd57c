import type { Clock } from "../../services/clock.ts";
import type { FindingsRegistry } from "../../services/findings/registry.ts";

/** Runs a function after a time; what it returns takes it back. */
export type SetTimer = (run: () => void, ms: number) => () => void;

export interface FindingsWatchOptions {
  /** Bounds each round, and asks no source that has not answered yet. */
  readonly registry: Pick<FindingsRegistry, "collect">;
  /** From the start of one round to that of the next. */
  readonly everyMs: number;
  readonly clock: Clock;
  /** Default: a timer that does not keep the process alive. */
  readonly setTimer?: SetTimer;
}

export interface FindingsWatch {
  /** Begins the first round, and waits for nothing. */
  start(): void;
  /** Ends the round under way; no other begins. Resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * Looks for findings at once and then at a steady pace: rounds begin at whole intervals from the first, and one that takes
 * longer than the interval is followed by the next that is due, never by two at once.
 */
export function createFindingsWatch(options: FindingsWatchOptions): FindingsWatch {
  const { registry, everyMs, clock, setTimer = unreferenced } = options;
  const stopped = new AbortController();
  let cancel: (() => void) | undefined;
  let round: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      await registry.collect(stopped.signal);
    } catch (error) {
      // The registry rejects for no other reason; a fault of Greenlight's own must end the process, not hide.
      if (!stopped.signal.aborted) throw error;
    }
  }

  async function begin(dueAt: number): Promise<void> {
    await look();
    if (stopped.signal.aborted) return;
    const now = clock.monotonic();
    const missed = Math.max(0, Math.floor((now - dueAt) / everyMs));
    const next = dueAt + (missed + 1) * everyMs;
    cancel = setTimer(() => (round = begin(next)), next - now);
  }

  return {
    start() {
      if (round === undefined && !stopped.signal.aborted) round = begin(clock.monotonic());
    },
    async stop() {
      stopped.abort(new Error("the service stops"));
      cancel?.();
      await round;
    },
  };
}

const unreferenced: SetTimer = (run, ms) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};
