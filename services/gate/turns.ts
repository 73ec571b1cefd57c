import { withDeadline } from "../net/deadline.ts";
import type { StandingStore } from "./standing-store.ts";

/** One change after the other, in the order in which they were asked for. */
export interface Turns {
  /**
   * The signal that `work` receives is aborted when nobody waits for the outcome any more. What has not begun by then is
   * never done.
   *
   * @throws {DeadlineError} and whatever opening the store and `work` reject with.
   */
  take<T>(work: (store: StandingStore, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Nothing is begun from now on; the store is closed after what is under way. */
  close(): Promise<void>;
}

export interface TurnsOptions {
  readonly open: () => Promise<StandingStore>;
  /** The longest that a caller waits, in ms. */
  readonly deadlineMs: number;
}

export function createTurns({ open, deadlineMs }: TurnsOptions): Turns {
  const closing = new AbortController();
  let opened: Promise<StandingStore> | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  /** One that cannot be opened is tried again in the next turn. */
  function store(): Promise<StandingStore> {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function turn<T>(
    before: Promise<unknown>,
    signal: AbortSignal,
    work: (store: StandingStore, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    await before;
    signal.throwIfAborted();
    const found = await store();
    signal.throwIfAborted();
    return work(found, signal);
  }

  return {
    take: (work) =>
      withDeadline({ ms: deadlineMs, waitedFor: "the store", signal: closing.signal }, (signal) => {
        const done = turn(tail, signal, work);
        tail = done.catch(() => undefined);
        return done;
      }),
    async close() {
      closing.abort(new Error("the service stops"));
      await tail;
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
