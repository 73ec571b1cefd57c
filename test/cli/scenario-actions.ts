import type { ScenarioName } from "../../src/sandbox/gcp/scenarios.ts";

/** What puts each scenario right, as kinds of actions. */
export const SCENARIO_ACTIONS: Readonly<Record<ScenarioName, readonly string[]>> = {
  "vpc-missing": ["attach-egress"],
  "connector-error": ["attach-egress"],
  "role-missing": ["add-iam-binding"],
  "instance-stopped": ["start-sql-instance"],
  "api-disabled": ["enable-api"],
  "permissive-override": ["set-variable"],
};
