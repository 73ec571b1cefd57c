import type { Clock } from "../clock.ts";
import type { Check } from "../health/check.ts";
import type { Monitor } from "../health/monitor.ts";
import { evaluate } from "./evaluate.ts";
import { blocks, judgeRequirements } from "./requirements.ts";
import type { SuiteOptions } from "./suite.ts";
import type { Evaluation, Reason } from "./verdict.ts";

/** How one caller wants a suite judged. */
export interface AskOptions {
  /** Instead of the suite's own, in ms. */
  readonly stableMs?: number | undefined;
  /** Monotonic ms until which causes that waiting cannot cure are waited for. */
  readonly graceUntil?: number | undefined;
  /** The lease that the caller has. */
  readonly lease?: string | undefined;
}

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
  /** Resolves with `go` or `stop` as soon as it is that, otherwise with what is known when the time is up. */
  wait(name: string, options: WaitOptions): Promise<Evaluation>;
  /** Waiters of a suite, or of all. */
  waiting(name?: string): number;
  /** Judges a suite anew because something other than its requirements changed. */
  reconsider(name: string): void;
  /** Told each time the verdict, or why it is that, changes. */
  subscribe(listener: (evaluation: Evaluation) => void): () => void;
  /** Lets all waiters go with what is known. */
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
}

/** Callers who are waiting and want the same. */
interface Group {
  readonly options: AskOptions;
  readonly resolve: Set<(evaluation: Evaluation) => void>;
}

interface Entry {
  readonly suite: SuiteOptions;
  readonly groups: Map<string, Group>;
  /** Monotonic ms since which all requirements are fit together. */
  fitSince: number | undefined;
  /** Monotonic ms of the last look. */
  lookedAt: number;
  reasons: readonly Reason[];
  timer: NodeJS.Timeout | undefined;
  /** What listeners were told last. */
  told: string;
}

/** Keeps the verdict on each suite, and those who wait for it. Every decision looks at all requirements anew. */
export function createGate(options: GateOptions): Gate {
  const { suites, monitor, clock, maxGapMs, standing = () => [] } = options;
  const entries = new Map<string, Entry>(suites.map((suite) => [suite.name, newEntry(suite)]));
  const listeners = new Set<(evaluation: Evaluation) => void>();
  const observed = new Set(monitor.names);

  function checksOf({ requirements }: SuiteOptions): ReadonlyMap<string, Check> {
    const names = requirements.map((each) => each.observed).filter((name) => observed.has(name));
    return new Map(monitor.checks(names).map((check) => [check.name, check]));
  }

  function look(entry: Entry): void {
    const now = clock.monotonic();
    entry.reasons = judgeRequirements(entry.suite, checksOf(entry.suite));
    const unheard = now - entry.lookedAt > maxGapMs(entry.suite);
    if (entry.reasons.some(blocks)) entry.fitSince = undefined;
    else if (entry.fitSince === undefined || unheard) entry.fitSince = now;
    entry.lookedAt = now;
  }

  function decide({ suite, reasons, fitSince }: Entry, asked: AskOptions): Evaluation {
    const now = clock.monotonic();
    return evaluate({
      suite: suite.name,
      reasons,
      standing: standing(suite.name, asked.lease),
      fitForMs: fitSince === undefined ? undefined : now - fitSince,
      stableMs: asked.stableMs ?? suite.stableMs,
      inGrace: asked.graceUntil !== undefined && now < asked.graceUntil,
    });
  }

  /** Looks, lets those go who need not wait any longer, and comes back when time alone may change the verdict. */
  function update(entry: Entry): void {
    look(entry);
    for (const [key, group] of entry.groups) {
      const evaluation = decide(entry, group.options);
      if (evaluation.verdict !== "go" && evaluation.verdict !== "stop") continue;
      entry.groups.delete(key);
      for (const resolve of group.resolve) resolve(evaluation);
    }
    tell(entry);
    arm(entry);
  }

  function tell(entry: Entry): void {
    const evaluation = decide(entry, {});
    const { verdict, reasons } = evaluation;
    const news = JSON.stringify([
      verdict,
      reasons.map(({ code, dependency, cause }) => [code, dependency, cause?.code]),
    ]);
    if (news === entry.told) return;
    entry.told = news;
    for (const listener of listeners) listener(evaluation);
  }

  function arm(entry: Entry): void {
    clearTimeout(entry.timer);
    const now = clock.monotonic();
    const { fitSince, suite, groups } = entry;
    const asked: readonly AskOptions[] = [{}, ...[...groups.values()].map((group) => group.options)];
    const moments = asked.flatMap(({ stableMs, graceUntil }) => [
      ...(fitSince === undefined ? [] : [fitSince + (stableMs ?? suite.stableMs)]),
      ...(graceUntil === undefined ? [] : [graceUntil]),
    ]);
    const next = Math.min(...moments.filter((moment) => moment > now));
    if (Number.isFinite(next)) {
      entry.timer = setTimeout(() => update(entry), Math.ceil(next - now)).unref();
    }
  }

  const byDependency = Map.groupBy(
    [...entries.values()].flatMap((entry) =>
      entry.suite.requirements.map(({ observed: name }) => ({ name, entry })),
    ),
    ({ name }) => name,
  );
  const unsubscribe = monitor.subscribe(({ name }) => {
    for (const { entry } of byDependency.get(name) ?? []) update(entry);
  });

  function find(name: string): Entry {
    const entry = entries.get(name);
    if (entry === undefined) throw new TypeError(`${name} is no suite`);
    return entry;
  }

  function ask(name: string, asked: AskOptions = {}): Evaluation {
    const entry = find(name);
    update(entry);
    return decide(entry, asked);
  }

  return {
    suites,
    find: (name) => entries.get(name)?.suite,
    evaluate: ask,
    checks(name) {
      const { suite } = find(name);
      const checks = checksOf(suite);
      return new Map(
        suite.requirements.flatMap((each) => {
          const check = checks.get(each.observed);
          return check === undefined ? [] : [[each.dependency, check] as const];
        }),
      );
    },
    wait(name, { ms, signal, ...asked }) {
      signal.throwIfAborted();
      const first = ask(name, asked);
      if (first.verdict === "go" || first.verdict === "stop" || ms <= 0) return Promise.resolve(first);
      const entry = find(name);
      const key = `${asked.stableMs ?? ""} ${asked.graceUntil ?? ""} ${asked.lease ?? ""}`;
      const { promise, resolve, reject } = Promise.withResolvers<Evaluation>();
      const leave = (): void => {
        const group = entry.groups.get(key);
        group?.resolve.delete(settle);
        if (group?.resolve.size === 0) entry.groups.delete(key);
      };
      const timer = setTimeout(() => {
        leave();
        settle(ask(name, asked));
      }, ms);
      const onAbort = (): void => {
        leave();
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      function settle(evaluation: Evaluation): void {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        resolve(evaluation);
      }
      signal.addEventListener("abort", onAbort, { once: true });
      const group = entry.groups.get(key) ?? { options: asked, resolve: new Set() };
      group.resolve.add(settle);
      entry.groups.set(key, group);
      arm(entry);
      return promise;
    },
    waiting(name) {
      const counted = name === undefined ? [...entries.values()] : [find(name)];
      return counted
        .flatMap((entry) => [...entry.groups.values()])
        .reduce((sum, group) => sum + group.resolve.size, 0);
    },
    reconsider: (name) => update(find(name)),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      unsubscribe();
      listeners.clear();
      for (const entry of entries.values()) {
        clearTimeout(entry.timer);
        for (const { options: asked, resolve } of entry.groups.values()) {
          const evaluation = decide(entry, asked);
          for (const each of resolve) each(evaluation);
        }
        entry.groups.clear();
      }
    },
  };
}

const newEntry = (suite: SuiteOptions): Entry => ({
  suite,
  groups: new Map(),
  fitSince: undefined,
  lookedAt: Number.NEGATIVE_INFINITY,
  reasons: [],
  timer: undefined,
  told: "",
});
