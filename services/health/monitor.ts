import type { Cause } from "../causes.ts";
import type { Clock } from "../clock.ts";
import { createDependency } from "../dependencies/create.ts";
import type { Dependency, Target } from "../dependencies/dependency.ts";
import type { DependencyOptions } from "../dependencies/options.ts";
import type { BreakerState } from "../probe/breaker.ts";
import { createProber, type Prober, type ProbeState } from "../probe/prober.ts";
import type { ClimbResult } from "../probe/climb.ts";
import type { ProbeOptions } from "../probe/options.ts";
import { viewCause } from "./cause-view.ts";
import type { Check, Whereabouts } from "./check.ts";
import { viewDiscovery } from "./discovery-view.ts";

export interface MonitorOptions {
  readonly dependencies: readonly DependencyOptions[];
  readonly probe: ProbeOptions;
  readonly clock: Clock;
}

/** A change of what is known; `before` is absent for the first observation. */
export interface StateChange {
  readonly name: string;
  readonly state: ProbeState;
  readonly before: ProbeState | undefined;
}

export interface Monitor {
  readonly names: readonly string[];
  /** Loads the drivers; nothing is observed yet. */
  prepare(): Promise<void>;
  /** Starts observing, after loading what is not loaded. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What is known now, in configured order. `names` must be configured ones. */
  checks(names: readonly string[]): Check[];
  /** Grows with every publication, so that a rendering knows whether it is out of date. */
  version(): number;
  /** Tries the named dependencies now, at most once at a time each; resolves when the results are published. */
  observe(names: readonly string[]): Promise<void>;
  /** Has the breaker of one dependency let a trial through now; undefined while its driver is loading. */
  reset(name: string): Promise<BreakerState | undefined>;
  /** Climbs the ladder of one dependency now; undefined while its driver is loading. */
  climb(name: string): Promise<ClimbResult | undefined>;
  subscribe(listener: (change: StateChange) => void): () => void;
}

interface Entry {
  readonly options: DependencyOptions;
  dependency?: Dependency;
  prober?: Prober;
  state?: ProbeState;
  /** Wall-clock ms of the last try; that of the state is monotonic. */
  triedAtWall?: number;
}

/** Keeps the probers of all configured dependencies and what they last said. */
export function createMonitor({ dependencies, probe, clock }: MonitorOptions): Monitor {
  const entries = new Map<string, Entry>(dependencies.map((options) => [options.name, { options }]));
  const listeners = new Set<(change: StateChange) => void>();
  const startedAt = clock.monotonic();
  let version = 0;
  let stopped = false;

  function publish(name: string, entry: Entry, state: ProbeState): void {
    const before = entry.state;
    entry.state = state;
    entry.triedAtWall = clock.now() - (clock.monotonic() - state.triedAt);
    version += 1;
    for (const listener of listeners) listener({ name, state, before });
  }

  async function prepareEntry(name: string, entry: Entry): Promise<void> {
    if (entry.prober !== undefined) return;
    try {
      const dependency = await createDependency(entry.options, clock);
      if (stopped) return;
      entry.dependency = dependency;
      entry.prober = createProber({
        dependency,
        probe,
        clock,
        onState: (state) => publish(name, entry, state),
      });
    } catch (error) {
      const cause = {
        code: "CHECK_ERROR",
        rung: "resolve",
        message: `the driver cannot be used: ${(error as Error).name}`,
      } as const;
      const now = clock.monotonic();
      publish(name, entry, {
        status: "fail",
        cause,
        breaker: { state: "closed" },
        triedAt: now,
        nextTryAt: now,
      });
    }
  }

  async function prepare(): Promise<void> {
    for (const [name, entry] of entries) await prepareEntry(name, entry);
  }

  /** Beyond this age the last word says nothing about now. */
  function maxAge({ options }: Entry): number {
    const { intervalMs, deadlines, kind } = options;
    const { connectMs, queryMs, totalMs } = deadlines;
    // A light check that fails, and the discovery after it.
    if (kind === "auth") return Math.max(probe.maxAgeMs, intervalMs + connectMs + 2 * queryMs + totalMs);
    return Math.max(probe.maxAgeMs, 2 * (intervalMs + connectMs + 2 * queryMs));
  }

  /** The monotonic clock stands while a machine sleeps, and the wall clock may be set back: whichever says more is believed. */
  function ageOf({ state, triedAtWall = clock.now() }: Entry): number {
    return Math.max(clock.monotonic() - (state?.triedAt ?? startedAt), clock.now() - triedAtWall);
  }

  function check(name: string, entry: Entry): Check {
    const { options, state, dependency } = entry;
    const now = clock.monotonic();
    const ageMs = ageOf(entry);
    const stale = state !== undefined && ageMs > maxAge(entry);
    const cause = causeShown(state, stale);
    const observation = state?.observation;
    // An old word on who serves is none.
    const discovery = stale && state.status !== "fail" ? undefined : state?.discovery;
    return {
      name,
      kind: options.kind,
      required: options.required,
      status: cause?.code === "CHECK_ERROR" ? "unknown" : stale ? "fail" : (state?.status ?? "fail"),
      ...(observation === undefined ? {} : { durationMs: observation.durationMs, at: observation.at }),
      ...(cause === undefined ? {} : { cause: viewCause(cause, name, dependency?.target) }),
      ...(state?.rungs === undefined ? {} : { rungs: state.rungs }),
      ...(discovery === undefined || dependency === undefined
        ? {}
        : {
            discovery: viewDiscovery({
              found: discovery,
              name,
              targets: (dependency.discovery?.candidates ?? []).map((each) => each.dependency.target),
              climbs: state?.candidates,
            }),
          }),
      ...(state?.version === undefined ? {} : { version: state.version }),
      ...(dependency === undefined ? {} : { target: whereabouts(dependency.target) }),
      breaker: state?.breaker ?? { state: "closed" },
      stale,
      ageMs,
      nextTryInMs: Math.max(0, (state?.nextTryAt ?? now) - now),
      overdueMs: Math.max(0, now - (state?.nextTryAt ?? now)),
    };
  }

  function find(name: string): Entry {
    const entry = entries.get(name);
    if (entry === undefined) throw new TypeError(`${name} is not configured`);
    return entry;
  }

  return {
    names: [...entries.keys()],
    version: () => version,
    checks: (names) => names.map((name) => check(name, find(name))),
    prepare,
    async start() {
      await prepare();
      for (const { prober } of entries.values()) prober?.start();
    },
    async stop() {
      stopped = true;
      await Promise.all([...entries.values()].map(async ({ prober }) => prober?.stop()));
      listeners.clear();
    },
    async observe(names) {
      await Promise.all(names.map(async (name) => find(name).prober?.observeNow()));
    },
    reset: async (name) => find(name).prober?.reset(),
    climb: async (name) => find(name).prober?.climb(),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const whereabouts = ({ host, port, user, database }: Target): Whereabouts => ({
  host,
  port,
  ...(user === undefined ? {} : { user }),
  ...(database === undefined ? {} : { database }),
});

/** A failing state keeps its cause when it grows old; a passing one is no longer known to pass. */
function causeShown(state: ProbeState | undefined, stale: boolean): Cause | undefined {
  if (state === undefined)
    return { code: "NOT_EVALUATED", rung: "resolve", message: "the first observation has not finished" };
  if (stale && state.status !== "fail")
    return { code: "STALE", rung: "query", message: "no observation finished in time" };
  return state.cause;
}
