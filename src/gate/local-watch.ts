import type { Clock } from "../../services/clock.ts";
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import { longestGap } from "../../services/gate/gap.ts";
import { createGate, type Gate } from "../../services/gate/gate.ts";
import { seenDependencies, seenRequirements } from "../../services/gate/seen.ts";
import type { SuiteOptions } from "../../services/gate/suite.ts";
import { createMonitor } from "../../services/health/monitor.ts";
import type { Incident } from "../../services/history/incident.ts";
import { createIncidents } from "../../services/history/incidents.ts";
import type { ProbeOptions } from "../../services/probe/options.ts";
import type { Fingerprint } from "../views/fingerprint.ts";
import { within } from "./pause.ts";
import { isProvenUnfit, meaningOf } from "./seen.ts";
import type { Listeners, Seen, WaitForOptions, Watch } from "./watch.ts";

export interface LocalWatchOptions {
  readonly suite: SuiteOptions;
  /** At least what the suite requires, by the name under which it is observed. */
  readonly dependencies: readonly DependencyOptions[];
  readonly probe: ProbeOptions;
  /** Everything of the fingerprint that is no dependency's. */
  readonly about: Omit<Fingerprint, "dependencies">;
  readonly clock: Clock;
}

/** Whoever waits wants to know soon; it is one small round trip each. */
const INTERVAL_MS = 500;
/** While nothing changes, a listener is told this often. */
const TELL_MS = 1000;
/** How long a `stop` waits for the first word on all the others, so that everything wrong is told at once. */
const COMPLETE_MS = 500;
/** Beyond every deadline of a dependency that is worth waiting for. */
const LOOK_MS = 30_000;

/** Observes from this process. Nothing is opened before the first look. */
export function createLocalWatch(options: LocalWatchOptions): Watch {
  const { suite, probe, about, clock } = options;
  const dependencies = observedHere(options);
  const names = dependencies.map(({ name }) => name);
  const monitor = createMonitor({ dependencies, probe, clock });
  const incidents = createIncidents({ monitor, clock });
  const gate = createGate({
    suites: [suite],
    monitor,
    clock,
    maxGapMs: () => longestGap(suite, dependencies),
  });
  const closing = new AbortController();
  let started: Promise<void> | undefined;
  let last: Seen | undefined;

  const start = (): Promise<void> => (started ??= monitor.start());

  function see(asked?: Parameters<Gate["evaluate"]>[1]): Seen {
    const evaluation = gate.evaluate(suite.name, asked);
    last = { at: clock.now(), evaluation, checks: seenRequirements(suite, gate.checks(suite.name)) };
    return last;
  }

  /** Tells at every change and about once a second; the function returned ends it. */
  function tell({ onSeen }: Pick<Listeners, "onSeen">, asked?: Parameters<Gate["evaluate"]>[1]): () => void {
    let told: string | undefined;
    const speak = (always: boolean): void => {
      const seen = see(asked);
      const meaning = meaningOf(seen);
      if (!always && meaning === told) return;
      told = meaning;
      onSeen(seen);
    };
    const unsubscribe = monitor.subscribe(() => speak(false));
    const timer = setInterval(() => speak(true), TELL_MS);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }

  async function waitFor(wait: WaitForOptions): Promise<Seen> {
    const { deadlineAt, stableMs, graceMs = suite.graceMs, until = "fit" } = wait;
    const asked = { stableMs, graceUntil: clock.monotonic() + graceMs };
    const signal = AbortSignal.any([wait.signal, closing.signal]);
    const quiet = tell(wait, asked);
    try {
      await within(start(), { ms: deadlineAt - clock.monotonic(), signal });
      const seen =
        until === "unfit"
          ? await untilUnfit({ deadlineAt, asked, signal })
          : await untilDecided({ deadlineAt, asked, signal });
      wait.onSeen(seen);
      return seen;
    } finally {
      quiet();
    }
  }

  interface Waiting {
    readonly deadlineAt: number;
    readonly asked: { readonly stableMs: number | undefined; readonly graceUntil: number };
    readonly signal: AbortSignal;
  }

  async function untilDecided({ deadlineAt, asked, signal }: Waiting): Promise<Seen> {
    for (;;) {
      const ms = deadlineAt - clock.monotonic();
      const { verdict } = await gate.wait(suite.name, { ...asked, ms, signal });
      if (verdict === "stop") {
        await within(monitor.observe(unseen()), { ms: COMPLETE_MS, signal });
        return see(asked);
      }
      if (verdict !== "go") return see(asked);
      // What is known of one may be half a second older than of another: all are looked at together once more.
      await within(monitor.observe(names), { ms: deadlineAt - clock.monotonic(), signal });
      const seen = see(asked);
      if (seen.evaluation.verdict === "go" || clock.monotonic() >= deadlineAt) return seen;
    }
  }

  async function untilUnfit({ deadlineAt, asked, signal }: Waiting): Promise<Seen> {
    const { promise, resolve } = Promise.withResolvers<Seen>();
    const attempt = (): void => {
      const seen = see(asked);
      if (isProvenUnfit(seen)) resolve(seen);
    };
    const unsubscribe = monitor.subscribe(attempt);
    attempt();
    try {
      const inTime = await within(promise, { ms: deadlineAt - clock.monotonic(), signal });
      return inTime ?? see(asked);
    } finally {
      unsubscribe();
    }
  }

  /** Those that nothing has been heard of yet. */
  const unseen = (): string[] =>
    monitor.checks(names).flatMap(({ name, at }) => (at === undefined ? [name] : []));

  return {
    suite: suite.name,
    options: suite,
    vantage: () => ({ kind: "here" }),
    waitFor,
    async look(given) {
      const signal = AbortSignal.any([given, closing.signal]);
      await within(
        start().then(() => monitor.observe(names)),
        { ms: LOOK_MS, signal },
      );
      return see({ stableMs: 0 });
    },
    latest: () => last,
    follow(listeners) {
      const quiet = tell(listeners);
      closing.signal.addEventListener("abort", quiet, { once: true });
      void start();
    },
    incidents: (since) => Promise.resolve(incidents.since(since).map((each) => renamed(each, suite))),
    fingerprint: () => Promise.resolve({ ...about, dependencies: seenDependencies(gate.checks(suite.name)) }),
    async close() {
      closing.abort(new Error("the watch was closed"));
      gate.close();
      incidents.close();
      await monitor.stop();
    },
  };
}

/** Of all that is configured, what the suite requires: as often as a wait needs it, and required as the suite says. */
function observedHere({ suite, dependencies }: LocalWatchOptions): DependencyOptions[] {
  const levels = new Map(suite.requirements.map(({ observed, level }) => [observed, level]));
  const here = (each: DependencyOptions): DependencyOptions => ({
    ...each,
    required: levels.get(each.name) === "required",
    intervalMs: Math.min(each.intervalMs, INTERVAL_MS),
  });
  return dependencies.filter(({ name }) => levels.has(name)).map(here);
}

/** With the suite's own word for what it concerns. */
function renamed(incident: Incident, { requirements }: SuiteOptions): Incident {
  const found = requirements.find(({ observed }) => observed === incident.dependency);
  return found === undefined ? incident : { ...incident, dependency: found.dependency };
}
