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

/** Every code of a finding, by area. */
export const FINDINGS = {
  ...CONTEXT_FINDINGS,
  ...ENVIRONMENT_FINDINGS,
  ...POLICY_FINDINGS,
  ...DRIFT_FINDINGS,
  ...LINT_FINDINGS,
  ...MARKERS_FINDINGS,
  ...AWAITS_FINDINGS,
  ...PLAN_FINDINGS,
  ...DEPLOYMENT_FINDINGS,
} as const;

export type FindingCode = keyof typeof FINDINGS;

export const findingDefinition = (code: FindingCode): FindingDefinition => FINDINGS[code];
