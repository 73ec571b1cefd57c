import type { Clock } from "../clock.ts";
import type { Check } from "../health/check.ts";
import type { Monitor } from "../health/monitor.ts";
import { evaluate } from "./evaluate.ts";
import { noFindings, policyNote, type ReadFindings } from "./findings.ts";
import { createKeeper, isDecided, type Keeper } from "./keeper.ts";
import type { SuiteOptions } from "./suite.ts";
import type { Evaluation, Reason } from "./verdict.ts";
import type { AskOptions, Release } from "./waiters.ts";

export interface WaitOptions extends AskOptions {
  /** The longest it may take, in ms. */
  readonly ms: number;
  readonly signal: AbortSignal;
}

export interface Gate {
  readonly suites: readonly SuiteOptions[];
  find(name: string): SuiteOptions | undefined;
  /** What is known at this moment. `name` must be that of a suite. */
  evaluate(name: string, options?: AskOptions): Evaluation;
  /** What is required, as observed at this moment, by the name the suite gives it. */
  checks(name: string): ReadonlyMap<string, Check>;
  /**
   * Has those observed whose last word is too old to decide by, for at most `ms`. Undefined when there is none, which
   * is nearly always so.
   */
  refresh(name: string, options: AskOptions & { ms: number }): Promise<void> | undefined;
  /**
   * Calls `release` once: with `go` or `stop` as soon as it is that, otherwise with what is known when the time is up.
   * Never before it returns. What is returned forgets the waiter.
   */
  hold(name: string, options: AskOptions & { ms: number }, release: Release): () => void;
  /** The same as a promise. */
  wait(name: string, options: WaitOptions): Promise<Evaluation>;
  /** Waiters of a suite, or of all. */
  waiting(name?: string): number;
  /** Judges a suite, or all, anew because something other than its requirements changed. */
  reconsider(name?: string): void;
  /** Told each time the verdict, or why it is that, changes. */
  subscribe(listener: (evaluation: Evaluation) => void): () => void;
  /** Lets all waiters go, and from then on nobody in. */
  drain(): void;
  /** The same, and stops looking. */
  close(): void;
}

export interface GateOptions {
  readonly suites: readonly SuiteOptions[];
  readonly monitor: Monitor;
  readonly clock: Clock;
  /** When nothing was heard for longer than this, what was fit before proves nothing, in ms. */
  readonly maxGapMs: (suite: SuiteOptions) => number;
  /** What else stands in the way of a suite, for the holder of a lease or for anybody. Default: nothing. */
  readonly standing?: (suite: string, lease: string | undefined) => readonly Reason[];
  /** What findings make of a verdict. Default: nobody looks for any, and whoever asks to be strict is refused a `go`. */
  readonly findings?: ReadFindings;
}

/** Keeps the verdict on each suite, and those who wait for it. Every decision looks at all requirements anew. */
export function createGate(options: GateOptions): Gate {
  const { suites, monitor, clock, maxGapMs, standing = () => [], findings = noFindings } = options;
  const listeners = new Set<(evaluation: Evaluation) => void>();
  let draining = false;
  const keepers = new Map(suites.map((suite) => [suite.name, keeperOf(suite)]));

  function keeperOf(suite: SuiteOptions): Keeper {
    const notes = (suite.notes ?? []).map(policyNote);
    return createKeeper({
      suite,
      monitor,
      clock,
      maxGapMs: maxGapMs(suite),
      decide: ({ reasons, fitForMs }, { stableMs = suite.stableMs, graceUntil, lease, strict = false }) =>
        evaluate({
          suite: suite.name,
          reasons,
          standing: [...(draining ? [DRAINING] : []), ...standing(suite.name, lease)],
          fitForMs,
          stableMs,
          inGrace: graceUntil !== undefined && clock.monotonic() < graceUntil,
          findings: findings(strict),
          notes,
        }),
      tell(evaluation) {
        for (const listener of listeners) listener(evaluation);
      },
    });
  }

  const byDependency = Map.groupBy(
    [...keepers.values()].flatMap((keeper) => keeper.observed.map((name) => ({ name, keeper }))),
    ({ name }) => name,
  );
  const unsubscribe = monitor.subscribe(({ name }) => {
    for (const { keeper } of byDependency.get(name) ?? []) keeper.update();
  });

  function find(name: string): Keeper {
    const keeper = keepers.get(name);
    if (keeper === undefined) throw new TypeError(`${name} is no suite`);
    return keeper;
  }

  function drain(): void {
    draining = true;
    for (const keeper of keepers.values()) keeper.releaseAll();
  }

  const hold: Gate["hold"] = (name, { ms, ...asked }, release) =>
    find(name).hold(asked, draining ? 0 : ms, release);

  return {
    suites,
    find: (name) => keepers.get(name)?.suite,
    evaluate: (name, asked = {}) => find(name).ask(asked),
    checks: (name) => find(name).checks(),
    refresh: (name, { ms, ...asked }) => find(name).refresh(asked, ms),
    hold,
    wait(name, { ms, signal, ...asked }) {
      signal.throwIfAborted();
      const first = find(name).ask(asked);
      if (isDecided(first) || ms <= 0) return Promise.resolve(first);
      const { promise, resolve, reject } = Promise.withResolvers<Evaluation>();
      const onAbort = (): void => {
        forget();
        reject(signal.reason as Error);
      };
      const forget = hold(name, { ...asked, ms }, (evaluation) => {
        signal.removeEventListener("abort", onAbort);
        resolve(evaluation);
      });
      signal.addEventListener("abort", onAbort, { once: true });
      return promise;
    },
    waiting: (name) =>
      (name === undefined ? [...keepers.values()] : [find(name)]).reduce(
        (sum, keeper) => sum + keeper.waiting(),
        0,
      ),
    reconsider(name) {
      for (const keeper of name === undefined ? keepers.values() : [find(name)]) keeper.update();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    drain,
    close() {
      unsubscribe();
      drain();
      listeners.clear();
      for (const keeper of keepers.values()) keeper.close();
    },
  };
}

const DRAINING: Reason = {
  code: "DRAINING",
  level: "required",
  effect: "blocks",
  curable: true,
  message: "This service is stopping, so nobody watches any more; ask the one that takes its place.",
};
