import { AWAITS_FINDINGS } from "./awaits-table.ts";
import { CONTEXT_FINDINGS } from "./context-table.ts";
import type { FindingDefinition } from "./definition.ts";
import { DEPLOYMENT_FINDINGS } from "./deployment-table.ts";
import { DRIFT_FINDINGS } from "./drift-table.ts";
import { ENVIRONMENT_FINDINGS } from "./environment-table.ts";
import { LINT_FINDINGS } from "./lint-table.ts";
import { MARKERS_FINDINGS } from "./markers-table.ts";
import { PLAN_FINDINGS } from "./plan-table.ts";
import { POLICY_FINDINGS } from "./policy-table.ts";

export interface FindingArea {
  /** What it is about, for a heading. */
  readonly title: string;
  /** Whether its findings can show at the gate; those of the suite's own code show where it is linted. */
  readonly atGate: boolean;
  readonly table: Readonly<Record<string, FindingDefinition>>;
}

/** In the order in which they are explained. */
export const FINDING_AREAS: readonly FindingArea[] = [
  { title: "context", atGate: true, table: CONTEXT_FINDINGS },
  { title: "env files and variables", atGate: true, table: ENVIRONMENT_FINDINGS },
  { title: "policy, flags and waivers", atGate: true, table: POLICY_FINDINGS },
  { title: "drift", atGate: true, table: DRIFT_FINDINGS },
  { title: "Python files", atGate: false, table: LINT_FINDINGS },
  { title: "markers of pytest", atGate: false, table: MARKERS_FINDINGS },
  { title: "awaits", atGate: false, table: AWAITS_FINDINGS },
  { title: "plans", atGate: false, table: PLAN_FINDINGS },
  { title: "what is deployed", atGate: false, table: DEPLOYMENT_FINDINGS },
];

export const isSeenAtGate = (code: string): boolean =>
  FINDING_AREAS.some(({ atGate, table }) => atGate && Object.hasOwn(table, code));
