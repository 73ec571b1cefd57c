import type { Detection } from "../context/detect.ts";
import type { Action } from "./action.ts";
import type { Plan } from "./plan.ts";

/** Kinds of actions that the configuration may let the service apply by itself. */
export const AUTOMATIC_KINDS = [
  "reset-breaker",
  "start-sql-instance",
  "enable-api",
  "create-connector",
  "attach-egress",
  "add-iam-binding",
  "set-variable",
  "register-markers",
  "fix-awaits",
] as const;

/** Kinds that always want a person: they end what others use, or are a person's work. */
export const PERSONAL_KINDS: readonly string[] = ["end-idle-sessions", "manual"];

export interface AutoApplyRules {
  /** The kinds that the configuration lists. */
  readonly kinds: readonly string[];
  readonly actions: readonly Pick<Action, "kind" | "destructive">[];
  readonly detection: Pick<Detection, "environment" | "mayWrite" | "vetoes">;
}

/**
 * Why a plan is not to be applied without a person; none when it may be. Whole or not at all: what is left of a plan
 * when steps are taken out of it is another plan, which nobody made.
 */
export function objectionsToAutoApply(
  plan: Plan,
  { kinds, actions, detection }: AutoApplyRules,
): readonly string[] {
  const { environment, mayWrite, vetoes } = detection;
  const isForbidden = environment === "production" || environment === "unknown" || !mayWrite;
  const reasons = vetoes.length === 0 ? `this is ${environment}` : vetoes.join("; ");
  return [
    ...(plan.steps.length === 0 ? ["the plan has no steps"] : []),
    ...(isForbidden ? [`nothing is applied by itself here: ${reasons}`] : []),
    ...plan.steps.flatMap(({ id, action: { kind }, approval, risk }) => {
      const action = actions.find((each) => each.kind === kind);
      if (!kinds.includes(kind)) return [`step ${id}: \`${kind}\` is not listed under remediation.autoApply`];
      if (action === undefined) return [`step ${id}: there is no action \`${kind}\``];
      if (action.destructive || PERSONAL_KINDS.includes(kind))
        return [`step ${id}: \`${kind}\` is destructive`];
      if (approval) return [`step ${id} wants a person's approval`];
      return risk === "high" ? [`step ${id} is of high risk`] : [];
    }),
  ];
}
