import { extname, resolve } from "node:path";
import { isStrict } from "../../services/policy/strictness.ts";
import type { Action } from "../../services/remediation/action.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import { planDocument } from "../../services/remediation/plan-document.ts";
import type { MadePlan } from "../../services/remediation/plan-make.ts";
import type { Plan } from "../../services/remediation/plan.ts";
import { EXIT } from "../exit-codes.ts";
import { makeAndKeepPlan } from "../remediation/make-plan-here.ts";
import { renderPlan } from "../views/plan-human.ts";
import { type PlanReport, toPlanReport } from "../views/plan-report.ts";
import { writeFileAtomic } from "../views/reports/write-file.ts";
import { reasonOf } from "../views/reports/report-fault.ts";
import { remedySteps } from "../views/remedy-steps.ts";
import { plural } from "../views/run-words.ts";
import { writeResult } from "../views/write.ts";
import { explainHere } from "../why/explain-here.ts";
import { CliError, usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { askForPlan } from "./plan-service.ts";
import { applyCommand } from "./remedy/next-steps.ts";
import { withRemediation } from "./remedy/open.ts";
import { serviceFor, whereOf } from "./remedy/where.ts";

export interface PlanOptions extends OutputOptions {
  /** A suite or a dependency; default: all. */
  readonly suite?: string | undefined;
  readonly url?: string;
  readonly config?: string;
  readonly out?: string;
  readonly detailedExitcode?: boolean;
}

/** Makes a plan of what `why` finds, and keeps it. Changes nothing else. */
export async function plan(context: CommandContext, options: PlanOptions): Promise<number> {
  const { config, suite } = options;
  const asked = serviceFor(context.env, options);
  if (suite === "") throw usageError("the name of the suite is empty.");
  const name = suite ?? "all";
  const where = whereOf({ url: asked, config });
  const { made, broken, actions } =
    asked === undefined
      ? await planHere(context, { name, config })
      : await askForPlan(context, { url: asked, suite: name });
  const exitCode = exitCodeOf({ made, broken }, options);
  const result = toPlanReport({
    command: "plan",
    exitCode,
    summary: summarise(name, { made, broken }),
    plan: made.plan,
    actions,
    notes: made.notes,
    nextSteps: nextSteps(name, { made, broken, actions, there: asked !== undefined, where }),
  });
  if (options.out !== undefined && made.plan !== undefined)
    await writePlan(resolve(context.cwd, options.out), made.plan);
  writeResult<PlanReport>(context, options, { result, human: renderPlan });
  return exitCode;
}

export interface Planned {
  readonly made: MadePlan;
  /** Whether anything has to be put right. */
  readonly broken: boolean;
}

async function planHere(
  context: CommandContext,
  { name, config: path }: { readonly name: string; readonly config: string | undefined },
) {
  const { chains, subject, config, climbed } = await explainHere(context, { config: path, name });
  return withRemediation(context, path, async ({ remediation }) => {
    const required = new Set(config.dependencies.flatMap((each) => (each.required ? each.name : [])));
    const optional = new Set(climbed.flatMap(({ check }) => (required.has(check.name) ? [] : check.name)));
    const made = await makeAndKeepPlan(remediation, {
      chains,
      facts: {
        environment: config.environment,
        subject,
        optional: subject.kind === "suite" ? optional : new Set(),
        strict: isStrict(config.strictness),
      },
      signal: context.signal,
    });
    return { made, broken: chains.length > 0, actions: remediation.actions };
  });
}

function exitCodeOf({ made, broken }: Planned, { detailedExitcode }: PlanOptions): number {
  if (made.plan !== undefined) return detailedExitcode === true ? EXIT.changes : EXIT.ok;
  return broken ? EXIT.temporary : EXIT.ok;
}

function summarise(name: string, { made, broken }: Planned): string {
  if (made.plan !== undefined) {
    const causes = made.plan.steps.filter(({ priority }) => priority === "P0").length;
    const { length } = made.plan.steps;
    const which = causes === length ? "" : `, ${causes} of them`;
    const urgent = causes === 0 ? "" : `${which} to get it going now`;
    return `${name} can be put right in ${plural(length, "step")}${urgent}.`;
  }
  return broken
    ? `No plan can be made for ${name}: what is wrong cannot be told.`
    : `There is nothing to put right: ${name} passes, as seen from here.`;
}

interface Next extends Planned {
  readonly actions: readonly Action[];
  /** A service made it, and has it in its store. */
  readonly there: boolean;
  /** As `whereOf` says it. */
  readonly where: string;
}

function nextSteps(name: string, { made, broken, actions, there, where }: Next): readonly string[] {
  if (made.plan === undefined)
    return broken ? [`See what is missing to tell: greenlight why ${name}${where}`] : [];
  const { id } = made.plan;
  const steps = remedySteps({ plan: made.plan, actions });
  const apply = applyCommand({ plan: id, digest: planDigest(made.plan), steps, where });
  if (there) return [`Have it applied there: ${apply}`];
  return [`Look at its schedule: greenlight plan show ${id}${where}`, `Apply it: ${apply}`];
}

/** JSON for a name that ends with .json, else YAML. @throws {CliError} 73 */
async function writePlan(path: string, made: Plan): Promise<void> {
  const { stringify } = await import("yaml");
  const document = planDocument(made);
  const text =
    extname(path).toLowerCase() === ".json"
      ? `${JSON.stringify(document, null, 2)}\n`
      : stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
  try {
    await writeFileAtomic(path, [text]);
  } catch (error) {
    throw new CliError(EXIT.cannotCreate, `the plan was not written to ${path}: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}
