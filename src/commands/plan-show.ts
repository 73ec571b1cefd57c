import { allActions } from "../../services/remediation/actions.ts";
import { EXIT } from "../exit-codes.ts";
import { renderPlan } from "../views/plan-human.ts";
import { type PlanReport, toPlanReport } from "../views/plan-report.ts";
import { whereOf } from "./remedy/where.ts";
import { remedySteps } from "../views/remedy-steps.ts";
import { plural } from "../views/run-words.ts";
import { writeResult } from "../views/write.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { type FoundPlan, findPlan, fromFile, isPath } from "./remedy/find-plan.ts";
import { applyCommand, quote } from "./remedy/next-steps.ts";
import { withRemediation } from "./remedy/open.ts";

export interface PlanShowOptions extends OutputOptions {
  /** A file, or the id of a plan in the store. */
  readonly plan: string;
  readonly config?: string;
}

/** Shows a plan with its schedule and critical path. A plan in a file needs neither configuration nor store. */
export async function planShow(context: CommandContext, options: PlanShowOptions): Promise<number> {
  const { plan: given, config } = options;
  const { plan, digest } = await find(context, options);
  const actions = allActions();
  const phases = plural(new Set(plan.steps.map(({ phase }) => phase)).size, "phase");
  const steps = remedySteps({ plan, actions });
  const where = whereOf({ config });
  const result = toPlanReport({
    command: "plan show",
    exitCode: EXIT.ok,
    summary: `${plural(plan.steps.length, "step")} in ${phases}.`,
    plan,
    actions,
    nextSteps: [
      ...(isPath(given) ? [`Look for contradictions in it: greenlight plan lint ${given}`] : []),
      `See what each step would find: greenlight apply ${quote(given)}${where} --dry-run`,
      `Apply it: ${applyCommand({ plan: given, digest, steps, where })}`,
    ],
  });
  writeResult<PlanReport>(context, options, { result, human: renderPlan });
  return EXIT.ok;
}

function find(context: CommandContext, { plan, config }: PlanShowOptions): Promise<FoundPlan> {
  const { cwd } = context;
  if (isPath(plan)) return fromFile(plan, cwd);
  return withRemediation(context, config, ({ remediation: { store } }) => findPlan(plan, { store, cwd }));
}
