import type { Clock } from "../../services/clock.ts";
import { isSeenAtGate } from "../../services/findings/areas.ts";
import { createFindingsRegistry, type FindingsRegistry } from "../../services/findings/registry.ts";
import { createFindingReasons, type ReadFindings } from "../../services/gate/findings.ts";
import { createFindingsView, type FindingsView } from "../../services/waivers/view.ts";
import type { Config } from "../config/config.ts";
import type { FindingSource } from "./source.ts";

/** What is found, what of it is accepted, and what it makes of a verdict. */
export interface FindingServices {
  readonly registry: FindingsRegistry;
  readonly view: FindingsView;
  readonly reasons: ReadFindings;
}

export interface FindingServicesOptions {
  readonly config: Pick<Config, "strictness" | "waivers">;
  readonly sources: readonly FindingSource[];
  readonly clock: Clock;
  /** How often they are looked at, in ms. Default: once. */
  readonly everyMs?: number;
}

/** So many rounds may be missed before what was found proves nothing any more. */
const ROUNDS = 3;
/** A round may take so long, in ms. */
const DEADLINE_MS = 20_000;

/** Nothing is looked at before the registry is told to collect. */
export function createFindingServices(options: FindingServicesOptions): FindingServices {
  const { config, sources, clock, everyMs = Infinity } = options;
  const maxAgeMs = ROUNDS * everyMs + DEADLINE_MS;
  const registry = createFindingsRegistry({ sources, clock, deadlineMs: DEADLINE_MS, maxAgeMs });
  const view = createFindingsView({ registry, waivers: config.waivers, clock, isSeen: isSeenAtGate });
  return { registry, view, reasons: createFindingReasons(view, config.strictness) };
}
