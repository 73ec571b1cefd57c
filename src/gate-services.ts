import { randomUUID } from "node:crypto";
import type { Clock } from "../services/clock.ts";
import type { DependencyOptions } from "../services/dependencies/options.ts";
import type { ReadFindings } from "../services/gate/findings.ts";
import { longestGap } from "../services/gate/gap.ts";
import { createGate, type Gate } from "../services/gate/gate.ts";
import { createHolds, type Holds } from "../services/gate/holds.ts";
import { createLeases, type Leases } from "../services/gate/leases.ts";
import { createRenderer, type RenderedVerdict } from "../services/gate/render.ts";
import { createRemembered, type Remembered, type StoreNews } from "../services/gate/remembered.ts";
import { createStanding } from "../services/gate/standing.ts";
import type { StandingStore } from "../services/gate/standing-store.ts";
import { createForgetful, type Standings } from "../services/gate/standings.ts";
import type { SuiteOptions } from "../services/gate/suite.ts";
import type { Evaluation } from "../services/gate/verdict.ts";
import type { Monitor } from "../services/health/monitor.ts";
import { createDecisions, type Decisions } from "../services/metrics/gate-families.ts";

/** The gate and what belongs to it. */
export interface GateServices {
  readonly gate: Gate;
  readonly holds: Holds;
  readonly leases: Leases;
  /** Holds and leases, as they are changed. */
  readonly standings: Standings;
  readonly decisions: Decisions;
  render(evaluation: Evaluation): RenderedVerdict;
  /** Lets all waiters go, and ends the timers. */
  close(): Promise<void>;
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
  /** Where holds and leases are remembered. Default: they end with the process. */
  readonly openStanding?: () => Promise<StandingStore>;
  /** Told when that can be read, and when it cannot. */
  readonly onStandingNews?: (news: StoreNews) => void;
}

export function createGateServices(options: GateServicesOptions): GateServices {
  const { suites, observed, monitor, clock, environment, version, findings } = options;
  const { openStanding: open, onStandingNews: onNews } = options;
  // The store may remember suites that are configured no more.
  const onChange = (suite: string): void => {
    if (gate.find(suite) !== undefined) gate.reconsider(suite);
  };
  const holds = createHolds({ clock, onChange, onExpired: (hold) => remembered?.expired({ hold }) });
  const newId = randomUUID;
  const leases = createLeases({
    clock,
    onChange,
    newId,
    onExpired: (lease) => remembered?.expired({ lease }),
  });
  const onRead = (): void => gate.reconsider();
  const remembered: Remembered | undefined =
    open && createRemembered({ holds, leases, clock, open, onRead, ...(onNews && { onNews }) });
  const standings = remembered ?? createForgetful({ holds, leases });
  const gate = createGate({
    suites,
    monitor,
    clock,
    standing: createStanding({ holds, leases, unread: () => standings.unread() }),
    findings,
    maxGapMs: (suite) => longestGap(suite, observed),
  });
  return {
    gate,
    holds,
    leases,
    standings,
    decisions: createDecisions(),
    render: createRenderer({ gate, holds, leases, clock, environment, version }),
    async close() {
      gate.close();
      await standings.close();
      holds.close();
      leases.close();
    },
  };
}
