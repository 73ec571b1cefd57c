import { type Cause, causeOf } from "../causes.ts";
import type { Clock } from "../clock.ts";
import type { Dependency, DiscoveryResult } from "../dependencies/dependency.ts";
import { type BreakerState, createBreaker } from "./breaker.ts";
import { type CandidateClimb, climb, type ClimbResult } from "./climb.ts";
import { isReachable, knockAny } from "./reach.ts";
import { createObserver } from "./observer.ts";
import { causeIn, kindOfFailure, type Observation, type RungResult, type Status } from "./observation.ts";
import type { ProbeOptions } from "./options.ts";
import { createSingleFlight } from "./single-flight.ts";

/** What is known of one dependency at one moment. */
export interface ProbeState {
  readonly status: Status;
  /** Absent until the first observation; kept while the breaker is open. */
  readonly observation?: Observation;
  /** Why the status is not `pass`; the ladder's word where it knows better than the driver. */
  readonly cause?: Cause;
  readonly rungs?: readonly RungResult[];
  /** Who serves, where one of several servers is to. */
  readonly discovery?: DiscoveryResult;
  /** The ladders of those that may serve, when they were climbed for this failure. */
  readonly candidates?: readonly CandidateClimb[];
  /** What the server says of itself; while it does not answer, what it said last. */
  readonly version?: string;
  readonly breaker: BreakerState;
  /** Monotonic milliseconds of the last time anything was tried, a knock included. */
  readonly triedAt: number;
  /** Monotonic milliseconds of the next try. */
  readonly nextTryAt: number;
}

export interface ProberOptions {
  readonly dependency: Dependency;
  readonly probe: ProbeOptions;
  readonly clock: Clock;
  readonly onState: (state: ProbeState) => void;
}

export interface Prober {
  start(): void;
  /** Tries now, or joins the try under way; resolves when its result is published. */
  observeNow(): Promise<void>;
  /** Has the breaker let one trial through now, whatever its reset time says; resolves with what that led to. */
  reset(): Promise<BreakerState>;
  /** Climbs the ladder now, or joins the climb under way. */
  climb(): Promise<ClimbResult>;
  /** Stops timers, aborts what is under way, closes the connection. */
  stop(): Promise<void>;
}

/** Lost connections in quick succession (a server that closes at once) are answered this far apart, in ms. */
const TRIGGER_GAP_MS = 100;

/** Observes one dependency on a schedule, at once when a connection is lost, and as soon as a lost server answers a knock. */
export function createProber({ dependency, probe, clock, onState }: ProberOptions): Prober {
  const { intervalMs } = dependency;
  const knockMs = Math.max(100, Math.min(500, intervalMs / 2));
  const stopped = new AbortController();
  const { signal } = stopped;
  const observer = createObserver({ dependency, clock, onLost });
  const breaker = createBreaker({ options: probe.breaker, clock, observe: observer.observe });
  const flight = createSingleFlight(tryOnce);
  const climbing = createSingleFlight(() => climb({ dependency, clock, signal }));

  let timer: NodeJS.Timeout | undefined;
  let dueAt = clock.monotonic();
  let lastTriggerAt = Number.NEGATIVE_INFINITY;
  let answering = true;
  let fails = 0;
  let passes = 0;
  /** The kind of failure that the ladder was asked about, and the ladder's word. */
  let explained: { kind: string; result?: ClimbResult } | undefined;
  let current: Omit<ProbeState, "breaker" | "nextTryAt"> | undefined;

  function publish(state: Omit<ProbeState, "breaker" | "nextTryAt">): void {
    current = state;
    onState({ ...state, breaker: breaker.state(), nextTryAt: nextTryAt() });
  }

  const nextTryAt = (): number => (answering ? dueAt : clock.monotonic() + knockMs);

  async function tryOnce(): Promise<void> {
    const open = breaker.state().state === "open";
    if (open || !answering) {
      const rose = await knocked();
      const due = clock.monotonic() >= dueAt;
      if (!(rose || due) || (open && !answering)) return touch();
      if (open) breaker.allowTrial();
    }
    dueAt = clock.monotonic() + intervalMs;
    const observation = await breaker.fire(signal);
    if (observation === undefined) return touch();
    apply(observation);
  }

  /** True when the server accepts connections now and did not before. */
  async function knocked(): Promise<boolean> {
    const before = answering;
    answering = await knockAny(dependency, knockMs, signal);
    return answering && !before;
  }

  function touch(): void {
    if (current !== undefined) publish({ ...current, triedAt: clock.monotonic() });
  }

  function apply(observation: Observation): void {
    const seen = causeIn(observation);
    if (observation.status === "fail") {
      fails += 1;
      passes = 0;
      answering = isReachable(dependency, observation);
    } else {
      fails = 0;
      passes += 1;
      answering = true;
    }
    const status = judge(observation);
    const kept = status !== "pass" && seen === undefined ? current?.cause : seen;
    if (observation.status !== "fail") explained = undefined;
    const kind = kindOfFailure(observation);
    const result = explained?.kind === kind ? explained.result : undefined;
    const cause = result?.cause ?? kept;
    const { discovery } = observation;
    const version = observation.version ?? (observation.status === "fail" ? current?.version : undefined);
    publish({
      status,
      observation,
      triedAt: clock.monotonic(),
      ...(cause === undefined ? {} : { cause }),
      ...(discovery === undefined ? {} : { discovery }),
      ...(version === undefined ? {} : { version }),
      ...(result === undefined ? {} : climbed(result)),
    });
    if (observation.status === "fail" && explained?.kind !== kind) void explain(kind);
  }

  /** Definite causes count at once; the others, and recoveries, as often in a row as the thresholds say. */
  function judge(observation: Observation): Status {
    const wasFail = current?.status === "fail";
    if (observation.status !== "fail")
      return wasFail && passes < probe.thresholds.pass ? "fail" : observation.status;
    const counts =
      wasFail ||
      current === undefined ||
      causeOf(observation.cause.code).definite ||
      fails >= probe.thresholds.fail;
    return counts ? "fail" : "warn";
  }

  /** Climbs the ladder once for a new kind of failure and puts its finer word in the state. */
  async function explain(kind: string): Promise<void> {
    const asked: { kind: string; result?: ClimbResult } = { kind };
    explained = asked;
    const result = await climbing().catch(() => undefined);
    if (result === undefined || signal.aborted || explained !== asked || current === undefined) return;
    // It holds by now, or another serves.
    if (result.status !== "fail") return void observeNow();
    if (result.cause?.code === "CHECK_ERROR") return;
    asked.result = result;
    publish({
      ...current,
      ...climbed(result),
      ...(result.cause === undefined ? {} : { cause: result.cause }),
    });
  }

  function onLost(): void {
    const waitMs = Math.max(0, lastTriggerAt + TRIGGER_GAP_MS - clock.monotonic());
    lastTriggerAt = clock.monotonic() + waitMs;
    dueAt = Math.min(dueAt, lastTriggerAt);
    if (waitMs === 0) void observeNow();
    else arm(waitMs);
  }

  function arm(ms: number): void {
    clearTimeout(timer);
    if (!signal.aborted) timer = setTimeout(() => void observeNow(), ms);
  }

  async function observeNow(): Promise<void> {
    if (signal.aborted) return;
    try {
      await flight();
    } catch (error) {
      if (signal.aborted) return;
      const cause = dependency.classify(error, "query");
      const observation: Observation = { status: "fail", cause, at: clock.now(), durationMs: 0 };
      publish({ status: "fail", observation, cause, triedAt: clock.monotonic() });
    }
    arm(Math.max(0, nextTryAt() - clock.monotonic()));
  }

  return {
    start: () => void observeNow(),
    observeNow() {
      // A caller who joins must not make another try due for when this one ends.
      if (!flight.busy()) {
        dueAt = Math.min(dueAt, clock.monotonic());
        // Whoever asks wants to know who serves now, not who served when all were last looked at.
        if (dependency.discovery !== undefined) observer.close();
      }
      return observeNow();
    },
    async reset() {
      // A try that is under way was not let through by this.
      await flight.idle();
      breaker.allowTrial();
      dueAt = Math.min(dueAt, clock.monotonic());
      await observeNow();
      return breaker.state();
    },
    climb: climbing,
    async stop() {
      stopped.abort(new Error("the prober was stopped"));
      clearTimeout(timer);
      await Promise.allSettled([flight.idle(), climbing.idle()]);
      observer.close();
      breaker.shutdown();
    },
  };
}

/** What a climb adds to the state. */
function climbed({ rungs, discovery, candidates }: ClimbResult): Partial<ProbeState> {
  return {
    rungs,
    ...(discovery === undefined ? {} : { discovery }),
    ...(candidates === undefined ? {} : { candidates }),
  };
}
