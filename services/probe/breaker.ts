import CircuitBreaker from "opossum";
import { causeOf, type Rung } from "../causes.ts";
import type { Clock } from "../clock.ts";
import { causeIn, type Observation } from "./observation.ts";
import type { ProbeOptions } from "./options.ts";

/** Wall-clock milliseconds. */
export type BreakerState =
  | { readonly state: "closed" }
  | { readonly state: "open"; readonly openedAt: number; readonly nextTryAt: number }
  | { readonly state: "halfOpen"; readonly openedAt: number };

export interface BreakerOptions {
  readonly options: ProbeOptions["breaker"];
  readonly clock: Clock;
  readonly observe: (signal: AbortSignal) => Promise<Observation>;
}

export interface Breaker {
  state(): BreakerState;
  /** Observes, unless open: then undefined. Rejects with the reason of `signal` alone. */
  fire(signal: AbortSignal): Promise<Observation | undefined>;
  /** Lets the next `fire` try, without waiting for the reset time; for when a knock was answered. */
  allowTrial(): void;
  /** Frees its timers. */
  shutdown(): void;
}

class Failed extends Error {
  readonly observation: Observation;
  constructor(observation: Observation) {
    super("the observation failed");
    this.observation = observation;
  }
}

/**
 * A circuit breaker over observations; the only user of opossum. What opossum lacks is added through its public
 * options: it counts shares, so the filter holds failures back until enough came in a row, and the first that passes
 * the filter opens it; one success would close it, so a trial is as many observations as closing takes; and it has no
 * early half-open, so a trial begins with a new circuit in that state.
 */
export function createBreaker({ options, clock, observe }: BreakerOptions): Breaker {
  let failures = 0;
  let openedAt = 0;
  let nextTryAt = 0;

  async function act(signal: AbortSignal): Promise<Observation> {
    const rounds = circuit.halfOpen ? options.successes : 1;
    for (let round = 1; ; round++) {
      const observation = await observe(signal);
      if (observation.status === "fail") throw new Failed(observation);
      if (round >= rounds) return observation;
    }
  }

  /** True holds the failure back. */
  function isHarmless(error: unknown): boolean {
    const cause = error instanceof Failed ? causeIn(error.observation) : undefined;
    // A fault of the check itself says nothing about the server.
    if (cause === undefined && (error as { code?: string }).code !== "ETIMEDOUT") return true;
    // A rejected login or a wrong setting: the server is there, and the next try does it no harm.
    if (cause !== undefined && !causeOf(cause.code).trips) return true;
    failures += 1;
    return failures < options.failures;
  }

  function build(halfOpen: boolean): CircuitBreaker<[AbortSignal], Observation> {
    const made = new CircuitBreaker(act, {
      timeout: options.operationMs,
      resetTimeout: options.resetMs,
      errorThresholdPercentage: 0,
      errorFilter: isHarmless,
      // Both cost timers and sorting, and nobody reads them here.
      enableSnapshots: false,
      rollingPercentilesEnabled: false,
      ...(halfOpen
        ? {
            state: {
              enabled: true,
              name: "observe",
              closed: false,
              open: false,
              halfOpen: true,
              warmUp: false,
              shutdown: false,
            },
          }
        : {}),
    });
    made.on("open", () => {
      openedAt ||= clock.now();
      nextTryAt = clock.now() + options.resetMs;
    });
    made.on("close", () => {
      openedAt = 0;
      failures = 0;
    });
    return made;
  }

  let circuit = build(false);

  return {
    state() {
      if (circuit.opened) return { state: "open", openedAt, nextTryAt };
      return circuit.halfOpen ? { state: "halfOpen", openedAt } : { state: "closed" };
    },
    async fire(signal) {
      const call = new AbortController();
      try {
        const observation = await circuit.fire(AbortSignal.any([signal, call.signal]));
        failures = 0;
        return observation;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Failed) return error.observation;
        const { code } = error as { code?: string };
        if (code === "EOPENBREAKER") return undefined;
        if (code !== "ETIMEDOUT") throw error;
        call.abort(error);
        return overdue(options.operationMs, clock);
      }
    },
    allowTrial() {
      if (!circuit.opened) return;
      circuit.shutdown();
      circuit = build(true);
    },
    shutdown: () => circuit.shutdown(),
  };
}

function overdue(operationMs: number, clock: Clock): Observation {
  const rung: Rung = "query";
  const cause = {
    code: "QUERY_TIMEOUT",
    rung,
    message: `the observation took longer than ${operationMs} ms`,
  } as const;
  return { status: "fail", cause, at: clock.now(), durationMs: operationMs };
}
