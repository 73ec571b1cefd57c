import type { Action, Change } from "../../services/remediation/action.ts";
import type { StepReport } from "../../services/remediation/engine.ts";
import type { Plan, Step } from "../../services/remediation/plan.ts";
import type { RemedyCounts, RemedyStep } from "./remedy-report.ts";

type Actions = readonly Pick<Action, "kind" | "destructive">[];

/** What a step of a plan written by hand will be, before anybody has looked at the world. */
const SYMBOLS: Readonly<Record<string, Change["symbol"]>> = {
  "enable-api": "+",
  "create-connector": "+",
  "add-iam-binding": "+",
  "end-idle-sessions": "-",
  manual: "!",
};

export interface RemedyStepsInput {
  readonly plan: Plan;
  readonly actions: Actions;
  /** Of a run or a dry run. */
  readonly reports?: readonly StepReport[];
  /** By step: what was checked. */
  readonly verified?: ReadonlyMap<string, readonly string[]>;
}

/** The steps as they are shown, with what became of them. */
export function remedySteps({ plan, actions, reports = [], verified }: RemedyStepsInput): RemedyStep[] {
  const byId = new Map(reports.map((report) => [report.id, report]));
  return plan.steps.map((step) => {
    const report = byId.get(step.id);
    const checks = verified?.get(step.id);
    return {
      ...remedyStep(step, { actions, report }),
      ...(report?.result && { result: report.result }),
      ...(checks && checks.length > 0 && { verified: checks }),
    };
  });
}

function remedyStep(
  step: Step,
  { actions, report }: { readonly actions: Actions; readonly report: StepReport | undefined },
): RemedyStep {
  const { id, title, action, command } = step;
  const { assessment } = report ?? {};
  const change = assessment?.kind === "needed" ? assessment.change : step.change;
  const destructive = actions.some((each) => each.kind === action.kind && each.destructive);
  return {
    id,
    title,
    symbol: change?.symbol ?? SYMBOLS[action.kind] ?? "~",
    ...(change !== undefined && { target: change.target }),
    needsApproval: step.approval || destructive,
    destructive,
    ...(command !== undefined && { command }),
    ...(assessment !== undefined && { found: foundIn(assessment) }),
    begun: report?.begun ?? false,
  };
}

function foundIn(assessment: NonNullable<StepReport["assessment"]>): NonNullable<RemedyStep["found"]> {
  if (assessment.kind === "needed") return { kind: "needed" };
  return {
    kind: assessment.kind,
    because: assessment.kind === "satisfied" ? assessment.evidence : assessment.because,
  };
}

/** Of what is left to do: a step that was found to be so already counts as nothing. */
export function countSteps(steps: readonly RemedyStep[]): RemedyCounts {
  const open = steps.filter(({ found }) => found?.kind !== "satisfied");
  const of = (symbol: Change["symbol"]): number => open.filter((step) => step.symbol === symbol).length;
  return {
    add: of("+"),
    change: of("~"),
    remove: of("-"),
    ask: of("!"),
    needApproval: open.filter(({ needsApproval }) => needsApproval).length,
    destructive: open.filter(({ destructive }) => destructive).length,
  };
}

/** `3 to apply, 1 needs approval, 0 destructive`. */
export function describeCounts({
  add,
  change,
  remove,
  ask,
  needApproval,
  destructive,
}: RemedyCounts): string {
  const need = `${needApproval} ${needApproval === 1 ? "needs" : "need"} approval`;
  const person = ask === 0 ? "" : `, ${ask} for a person to do`;
  return `${add + change + remove + ask} to apply, ${need}, ${destructive} destructive${person}`;
}
