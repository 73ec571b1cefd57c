import type { Clock } from "../../services/clock.ts";
import { causeOf } from "../../services/causes.ts";
import { createDependency } from "../../services/dependencies/create.ts";
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import type { Check } from "../../services/health/check.ts";
import type { Monitor } from "../../services/health/monitor.ts";
import { causeIn, type Observation } from "../../services/probe/observation.ts";
import { createObserver } from "../../services/probe/observer.ts";
import type { ObserveCapability, Observed } from "../../services/remediation/verify-probe.ts";
import { untilAborted } from "./until-aborted.ts";

/** One observation on a fresh connection, which is closed. */
export function createOneShotProbe(
  dependencies: readonly DependencyOptions[],
  clock: Clock,
): ObserveCapability & {
  measure(name: string, signal: AbortSignal): Promise<Observation | undefined>;
} {
  async function measure(name: string, signal: AbortSignal): Promise<Observation | undefined> {
    const options = dependencies.find((each) => each.name === name);
    if (options === undefined) return undefined;
    const dependency = await createDependency(options, clock);
    const observer = createObserver({ dependency, clock, onLost: () => undefined });
    try {
      return await observer.observe(signal);
    } finally {
      observer.close();
    }
  }
  return {
    measure,
    async observe(name, signal) {
      const observation = await measure(name, signal);
      if (observation === undefined) return notConfigured(name);
      const { durationMs, status } = observation;
      const cause = causeIn(observation);
      if (cause?.code === "CHECK_ERROR") return { kind: "unknown", because: cause.message };
      const evidence = said(cause, durationMs);
      return { kind: status === "fail" ? "fails" : "passes", evidence };
    },
  };
}

/** A try may be under way, and the breaker may hold the next back. */
const TRIES = 3;

/** What the monitor of the service observes, by an observation that began after it was asked for. */
export function createMonitorProbe(monitor: Monitor, clock: Clock): ObserveCapability {
  return {
    async observe(name, signal) {
      if (!monitor.names.includes(name)) return notConfigured(name);
      const askedAt = clock.now();
      for (let attempt = 1; ; attempt++) {
        await untilAborted(monitor.observe([name]), signal);
        const [check] = monitor.checks([name]);
        if (check === undefined) return notConfigured(name);
        if (beganAfter(check, askedAt)) return told(check);
        if (attempt >= TRIES) return notTried(check);
      }
    },
  };
}

/** Clocks of two kinds meet here; a millisecond is their difference. */
const beganAfter = ({ at, durationMs = 0 }: Check, askedAt: number): boolean =>
  at !== undefined && at - durationMs >= askedAt - 1;

function told({ status, cause, durationMs = 0 }: Check): Observed {
  if (status === "unknown") return { kind: "unknown", because: cause?.message ?? "the check itself failed" };
  // A warning whose cause is none by nature is a failure that has not been confirmed.
  const passes = status === "pass" || (status === "warn" && isWarning(cause));
  return { kind: passes ? "passes" : "fails", evidence: said(cause, durationMs) };
}

const isWarning = (cause: Check["cause"]): boolean =>
  cause === undefined || causeOf(cause.code).warns === true;

function notTried({ cause, breaker }: Check): Observed {
  const held = breaker.state === "closed" ? "" : "; its breaker is open, and holds tries back";
  return { kind: "fails", evidence: `${said(cause, 0)}${held}` };
}

const said = (
  cause: { readonly code: string; readonly message: string } | undefined,
  durationMs: number,
): string =>
  cause === undefined ? `observed in ${durationMs.toFixed(0)} ms` : `${cause.code}: ${cause.message}`;

const notConfigured = (name: string): Observed => ({
  kind: "unknown",
  because: `nothing called ${name} is configured`,
});
