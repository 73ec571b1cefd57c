import type { EngineLimits, EngineOptions, RunNotice } from "./engine.ts";
import type { JournalEvent } from "./journal.ts";
import { redactEvent } from "./run-redact.ts";
import type { Lease } from "./run-lease.ts";
import { type RunState, foldJournal, nextState } from "./run-state.ts";
import { Stop, messageOf, stopOf } from "./run-stop.ts";

type WithoutTime<E> = E extends JournalEvent ? Omit<E, "at"> : never;
export type NewEvent = WithoutTime<JournalEvent>;

/** One run while it runs: every change of it goes through the journal first. */
export interface Run {
  readonly options: EngineOptions;
  readonly limits: EngineLimits;
  /** Aborts when somebody wants it to end, and when the lease is lost. */
  readonly signal: AbortSignal;
  state(): RunState;
  /** Written before what it announces; nothing is announced that may not happen. @throws {Stop} */
  announce(event: NewEvent): Promise<void>;
  /** Of what has happened, also when the run is to end. @throws {Stop} */
  record(event: NewEvent): Promise<void>;
  waiting(because: string, step?: string): void;
  /** Until the plan's deadline, ms. */
  remainingMs(): number;
}

export interface OpenRunOptions {
  readonly options: EngineOptions;
  readonly limits: EngineLimits;
  readonly runId: string;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  readonly onEvent?: ((notice: RunNotice) => void) | undefined;
  /** Of the plan; counted from now. */
  readonly deadlineMs?: number | undefined;
  /** What is in the journal already. */
  readonly events: readonly JournalEvent[];
}

export function openRun(opened: OpenRunOptions): Run {
  const { options, limits, runId, lease, deadlineMs = Infinity } = opened;
  const { store, clock, redact } = options;
  const signal = AbortSignal.any([opened.signal, lease.signal]);
  const until = clock.monotonic() + deadlineMs;
  const notify = makeNotify(opened.onEvent);
  let state = foldJournal(opened.events);

  async function record(event: NewEvent): Promise<void> {
    const written = redactEvent<JournalEvent>({ ...event, at: clock.now() }, redact);
    let answer: Awaited<ReturnType<typeof store.append>>;
    try {
      answer = await store.append(runId, lease.fence, written);
    } catch (error) {
      throw new Stop("STORE_LOST", messageOf(error));
    }
    if (answer.kind === "fenced-off")
      throw new Stop("LEASE_LOST", "another run has taken over the environment");
    state = state === undefined ? foldJournal([written]) : nextState(state, written);
    notify({ kind: "journalled", runId, event: written });
  }

  return {
    options,
    limits,
    signal,
    state() {
      if (state === undefined) throw new TypeError("a run was looked at before it was begun");
      return state;
    },
    async announce(event) {
      if (signal.aborted) throw stopOf(signal);
      await lease.confirm();
      if (signal.aborted) throw stopOf(signal);
      await record(event);
    },
    record,
    waiting(because, step) {
      notify({ kind: "waiting", runId, ...(step !== undefined && { step }), because: redact(because) });
    },
    remainingMs: () => Math.max(0, until - clock.monotonic()),
  };
}

/** What listens may not disturb what runs. */
export function makeNotify(onEvent: ((notice: RunNotice) => void) | undefined): (notice: RunNotice) => void {
  let listener = onEvent;
  return (notice) => {
    try {
      listener?.(notice);
    } catch {
      listener = undefined;
    }
  };
}
