import type { Machine } from "./machine.ts";
import type { AccessRate } from "./parts/access.ts";
import type { ContextTime } from "./parts/context.ts";
import type { Discovery } from "./parts/discovery.ts";
import type { FaultResult } from "./parts/faults.ts";
import type { GateFigures } from "./parts/gate.ts";
import type { LintFigures } from "./parts/lint.ts";
import type { RemediationFigures } from "./parts/remediation.ts";
import type { Latency } from "./parts/latency.ts";
import type { Memory } from "./parts/memory.ts";
import type { Observations } from "./parts/observations.ts";
import type { Start } from "./parts/start.ts";
import type { Throughput } from "./parts/throughput.ts";
import type { Target } from "./goal.ts";

/** What was measured; a part that did not run is absent. */
export interface Figures {
  readonly throughput?: readonly Throughput[];
  readonly latency?: readonly Latency[];
  readonly access?: readonly AccessRate[];
  readonly discovery?: Discovery;
  readonly context?: ContextTime;
  readonly lint?: LintFigures;
  readonly remediation?: RemediationFigures;
  readonly gate?: GateFigures;
  readonly observations?: Observations;
  readonly faults?: readonly FaultResult[];
  readonly start?: readonly Start[];
  readonly memory?: readonly Memory[];
}

/** Everything said about one peer. */
export interface PeerFigures {
  readonly name: string;
  readonly does: string;
  readonly throughput: readonly Throughput[];
  readonly observations: Observations["peers"];
  readonly faults: readonly {
    readonly id: string;
    readonly outcome: FaultResult["servers"][number]["outcome"];
  }[];
}

/** The document that `--json` prints. */
export interface Report {
  readonly schemaVersion: 1;
  readonly machine: Machine;
  /** How the run was set: slices, seconds, parts. */
  readonly settings: object;
  readonly figures: Figures;
  readonly targets: readonly Target[];
  readonly peers: readonly PeerFigures[];
  readonly notes: readonly string[];
}
