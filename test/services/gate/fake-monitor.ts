import type { CauseCode } from "../../../services/causes.ts";
import type { Clock } from "../../../services/clock.ts";
import { viewCause } from "../../../services/health/cause-view.ts";
import type { Check, DiscoveryCheck } from "../../../services/health/check.ts";
import type { Monitor, StateChange } from "../../../services/health/monitor.ts";

/** A clock that moves when it is told to; timers are those of the test runner. */
export interface MovedClock extends Clock {
  /** Both clocks go on, as time does. */
  add(ms: number): void;
  /** Somebody sets the time of day. */
  setWall(ms: number): void;
}

export function movedClock(): MovedClock {
  let monotonic = 1000;
  let wall = 1_800_000_000_000;
  return {
    now: () => wall,
    monotonic: () => monotonic,
    add(ms) {
      monotonic += ms;
      wall += ms;
    },
    setWall: (ms) => void (wall = ms),
  };
}

interface CheckOptions {
  readonly name?: string;
  readonly kind?: string;
  readonly status?: Check["status"];
  readonly code?: CauseCode | undefined;
  readonly stale?: boolean;
  readonly ageMs?: number;
  readonly discovery?: DiscoveryCheck | undefined;
}

export function checkOf(options: CheckOptions = {}): Check {
  const {
    name = "redis",
    kind = "redis",
    status = "pass",
    code,
    stale = false,
    ageMs = 0,
    discovery,
  } = options;
  return {
    name,
    kind,
    required: true,
    status,
    stale,
    ageMs,
    durationMs: 1,
    nextTryInMs: 1000,
    overdueMs: Math.max(0, ageMs - OBSERVED_EACH_MS),
    breaker: { state: "closed" },
    ...(code === undefined ? {} : { cause: viewCause({ code, rung: "query", message: code }, name) }),
    ...(discovery === undefined ? {} : { discovery }),
  };
}

/** A monitor of which the test decides what it observes, and when. */
export interface FakeMonitor extends Monitor {
  /** Publishes one observation, made now. */
  say(name: string, options?: Omit<CheckOptions, "name">): void;
  /** What was asked to be observed out of turn. */
  readonly asked: string[][];
  /** Called when something is asked to be observed. */
  onObserve: (names: readonly string[]) => void;
}

export function fakeMonitor(names: readonly string[], clock: Clock): FakeMonitor {
  const states = new Map<string, { at: number; options: Omit<CheckOptions, "name"> }>();
  const listeners = new Set<(change: StateChange) => void>();
  const asked: string[][] = [];
  let version = 0;
  const check = (name: string): Check => {
    const state = states.get(name);
    if (state === undefined) return checkOf({ name, status: "fail", code: "NOT_EVALUATED" });
    const ageMs = clock.monotonic() - state.at;
    const stale = ageMs > MAX_AGE_MS;
    const old = stale ? ({ status: "fail", code: "STALE" } as const) : {};
    return checkOf({ name, ageMs, stale, ...state.options, ...old });
  };
  const monitor: FakeMonitor = {
    names,
    asked,
    onObserve: () => undefined,
    checks: (wanted) => wanted.map(check),
    version: () => version,
    prepare: () => Promise.resolve(),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    observe(wanted) {
      asked.push([...wanted]);
      monitor.onObserve(wanted);
      return Promise.resolve();
    },
    reset: () => Promise.resolve(undefined),
    climb: () => Promise.resolve(undefined),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    say(name, options = {}) {
      states.set(name, { at: clock.monotonic(), options });
      version += 1;
      for (const listener of listeners) listener({ name } as StateChange);
    },
  };
  return monitor;
}

/** After so long it is time to observe again, in ms. */
const OBSERVED_EACH_MS = 1000;
/** Beyond this age a word of the fake is stale, in ms. */
export const MAX_AGE_MS = 10_000;
