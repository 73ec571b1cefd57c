import type { Json } from "../../services/remediation/action.ts";
import { assessActions } from "../../services/remediation/plan-assess.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import { type MadePlan, type PlanFacts, makePlan } from "../../services/remediation/plan-make.ts";
import { proposedActions } from "../../services/remediation/plan-propose.ts";
import type { Plan } from "../../services/remediation/plan.ts";
import type { Chain } from "../../services/why/root-cause.ts";
import type { Remediation } from "./open-remediation.ts";

export interface MakePlanOptions {
  readonly chains: readonly Chain[];
  readonly facts: PlanFacts;
  readonly signal: AbortSignal;
}

/** How long one action may look at the world. */
const ASSESS_MS = 20_000;

/** Looks at what each action would change, makes the plan and keeps it in the store. @throws {StoreError} */
export async function makeAndKeepPlan(
  { actions, capabilities, store }: Pick<Remediation, "actions" | "capabilities" | "store">,
  { chains, facts, signal }: MakePlanOptions,
): Promise<MadePlan> {
  const assessments = await assessActions(proposedActions(chains), {
    actions,
    capabilities,
    signal,
    withinMs: ASSESS_MS,
  });
  const made = makePlan({ chains, facts, actions, assessments });
  if (made.plan !== undefined) await store.savePlan(made.plan.id, asJson(made.plan), planDigest(made.plan));
  return made;
}

/** A plan is plain data; what the type cannot say is that it has nothing else. */
const asJson = (plan: Plan): Json => plan as unknown as Json;
