import type { Json } from "../../../services/remediation/action.ts";
import type { Plan, Step } from "../../../services/remediation/plan.ts";

export function step(id: string, action: { kind: string; params: Json }, more: Partial<Step> = {}): Step {
  return {
    id,
    title: `Step ${id}`,
    priority: "P1",
    phase: 1,
    estimateMs: 0,
    needs: [],
    action,
    verify: [],
    rollback: { kind: "automatic" },
    risk: "low",
    approval: false,
    owner: "platform",
    success: [],
    ...more,
  };
}

export const plan = (steps: readonly Step[], more: Partial<Plan> = {}): Plan => ({
  schemaVersion: 1,
  id: "plan-1",
  title: "A plan",
  environment: "staging",
  because: [],
  steps,
  ...more,
});
