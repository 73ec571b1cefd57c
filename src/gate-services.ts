import { randomUUID } from "node:crypto";
import type { Clock } from "../services/clock.ts";
import type { DependencyOptions } from "../services/dependencies/options.ts";
import type { ReadFindings } from "../services/gate/findings.ts";
import { longestGap } from "../services/gate/gap.ts";
import { createGate, type Gate } from "../services/gate/gate.ts";
import { createHolds, type Holds } from "../services/gate/holds.ts";
import { createLeases, type Leases } from "../services/gate/leases.ts";
import { createRenderer, type RenderedVerdict } from "../services/gate/render.ts";
import { createStanding } from "../services/gate/standing.ts";
import type { SuiteOptions } from "../services/gate/suite.ts";
import type { Evaluation } from "../services/gate/verdict.ts";
import type { Monitor } from "../services/health/monitor.ts";
import { createDecisions, type Decisions } from "../services/metrics/gate-families.ts";

/** The gate and what belongs to it. */
export interface GateServices {
  readonly gate: Gate;
  readonly holds: Holds;
  readonly leases: Leases;
  readonly decisions: Decisions;
  render(evaluation: Evaluation): RenderedVerdict;
  /** Lets all waiters go, and ends the timers. */
  close(): void;
}

export interface GateServicesOptions {
  readonly suites: readonly SuiteOptions[];
  /** All that the monitor observes. */
  readonly observed: readonly DependencyOptions[];
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly environment: string;
  readonly version: string;
  /** What findings make of a verdict. */
  readonly findings: ReadFindings;
}

export function createGateServices(options: GateServicesOptions): GateServices {
  const { suites, observed, monitor, clock, environment, version, findings } = options;
  const onChange = (suite: string): void => gate.reconsider(suite);
  const holds = createHolds({ clock, onChange });
  const leases = createLeases({ clock, onChange, newId: randomUUID });
  const gate = createGate({
    suites,
    monitor,
    clock,
    standing: createStanding({ holds, leases }),
    findings,
    maxGapMs: (suite) => longestGap(suite, observed),
  });
  return {
    gate,
    holds,
    leases,
    decisions: createDecisions(),
    render: createRenderer({ gate, holds, leases, clock, environment, version }),
    close() {
      gate.close();
      holds.close();
      leases.close();
    },
  };
}
