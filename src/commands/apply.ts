import type { Plan } from "../../services/remediation/plan.ts";
import type { Config } from "../config/config.ts";
import { EXIT } from "../exit-codes.ts";
import type { Remediation } from "../remediation/open-remediation.ts";
import { renderRemedy } from "../views/remedy-human.ts";
import type { RemedyReport } from "../views/remedy-report.ts";
import { remedySteps } from "../views/remedy-steps.ts";
import { describeTerminal } from "../views/terminal.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { checkEnvironment, type EnvironmentAnswer } from "./remedy/check-environment.ts";
import { askForDigest, canAsk, namesDigest } from "./remedy/confirm.ts";
import { detailedExitCode, exitCodeOf } from "./remedy/exit-code.ts";
import { findPlan, isPath } from "./remedy/find-plan.ts";
import { applyCommand, nextStepsOf } from "./remedy/next-steps.ts";
import { withRemediation } from "./remedy/open.ts";
import { finishRemedy, outcomeOf, type ReportOptions, type Told, toRemedyReport } from "./remedy/report.ts";
import { runEngine } from "./remedy/run-engine.ts";
import { otherDigest, shownAlone } from "./remedy/unconfirmed.ts";
import { serviceFor, whereOf } from "./remedy/where.ts";

export interface ApplyOptions extends OutputOptions {
  readonly plan: string;
  readonly confirm?: string;
  /** Steps. */
  readonly approve?: readonly string[];
  readonly approveEnvironment?: string;
  readonly dryRun?: boolean;
  readonly detailedExitcode?: boolean;
  readonly config?: string;
  /** A service that made the plan and applies it. */
  readonly url?: string;
}

/** Applies a plan that was confirmed, or shows it and how to confirm it. */
export async function apply(context: CommandContext, options: ApplyOptions): Promise<number> {
  const { confirm, dryRun = false } = options;
  if (confirm === "") throw usageError("the digest after --confirm is empty.");
  // A file is applied from here, whatever service is the default.
  const given = isPath(options.plan) ? { ...context.env, GREENLIGHT_URL: undefined } : context.env;
  const url = serviceFor(given, options);
  if (url !== undefined) {
    const { applyThere } = await import("./remedy/apply-there.ts");
    return applyThere(context, options, url);
  }
  return withRemediation(context, options.config, async ({ config, remediation }) => {
    const found = await findPlan(options.plan, { store: remediation.store, cwd: context.cwd });
    const where = whereOf({ config: options.config });
    const applying: Applying = { context, options, config, remediation, where, ...found };
    checkApproved(applying);
    const refused = dryRun ? undefined : await objection(applying);
    const report = refused ?? (await run(applying));
    if (report.outcome === "shown" && confirm === undefined && options.json !== true && canAsk(context)) {
      context.stdout.write(
        renderRemedy(
          { ...report, nextSteps: [] },
          describeTerminal({ env: context.env, output: context.stdout, color: options.color }),
        ),
      );
      if (await askForDigest(context, found.digest)) return finish(applying, await run(applying));
    }
    return finish(applying, report);
  });
}

interface Applying {
  readonly context: CommandContext;
  readonly options: ApplyOptions;
  readonly config: Config;
  readonly remediation: Remediation;
  readonly plan: Plan;
  readonly digest: string;
  /** As `whereOf` says it. */
  readonly where: string;
}

/** A name that is no step's approves nothing, and whoever gave it believes otherwise. */
function checkApproved({ options: { approve = [] }, plan }: Applying): void {
  const ids = plan.steps.map(({ id }) => id);
  const stranger = approve.find((id) => !ids.includes(id));
  if (stranger !== undefined)
    throw usageError(`the plan has no step ${JSON.stringify(stranger)}.`, `Its steps: ${ids.join(", ")}.`);
}

/** What keeps it from being begun: another environment, no confirmation, or that of another plan. */
async function objection(applying: Applying): Promise<RemedyReport | undefined> {
  const { context, options, config, plan, digest, where } = applying;
  const { confirm, approveEnvironment } = options;
  const answer = await checkEnvironment(context, {
    config,
    planned: plan.environment,
    approved: approveEnvironment,
  });
  if (!answer.ok && answer.code === "ENVIRONMENT_MISMATCH")
    return report(applying, {
      ...refused,
      ...told(answer),
      nextSteps: [`Apply it where it is for, or make a plan for here: greenlight plan${where}`],
    });
  const environment = answer.ok && approveEnvironment === undefined ? undefined : plan.environment;
  const command = commandOf(applying, environment);
  if (confirm !== undefined && !namesDigest(confirm, digest))
    return report(applying, otherDigest({ plan: options.plan, digest, where }));
  if (confirm !== undefined && !answer.ok)
    return report(applying, { ...refused, ...told(answer), nextSteps: [`If it is meant: ${command}`] });
  if (confirm !== undefined) return undefined;
  return report(applying, {
    ...shownAlone(command),
    ...(answer.ok ? {} : { ...refused, ...told(answer) }),
  });
}

const refused = { outcome: "refused", exitCode: EXIT.noPermission } as const;

const told = ({
  code,
  because,
}: EnvironmentAnswer & { readonly ok: false }): Pick<Told, "code" | "summary"> => ({
  code,
  summary: because,
});

function commandOf({ options, plan, digest, remediation, where }: Applying, environment?: string): string {
  const steps = remedySteps({ plan, actions: remediation.actions });
  return applyCommand({ plan: options.plan, digest, steps, environment, where });
}

async function run(applying: Applying): Promise<RemedyReport> {
  const { context, options, plan, digest, remediation, where } = applying;
  const { approve: approvals = [], dryRun = false } = options;
  const { result, verified } = await runEngine(
    context,
    { plan, redact: remediation.redact, quiet: dryRun },
    (call) => remediation.engine.apply({ ...call, plan, digest, approvals, dryRun }),
  );
  const shown = result.kind === "ended" && dryRun;
  return report(
    applying,
    {
      ...outcomeOf(result),
      exitCode: exitCodeOf(result, { back: false }),
      nextSteps: shown
        ? [`To apply it: ${commandOf(applying)}`]
        : nextStepsOf(result, { command: "apply", where }),
    },
    {
      reports: result.steps,
      verified,
      ...(result.kind !== "refused" && { runId: result.runId }),
    },
  );
}

function finish({ context, options, remediation }: Applying, found: RemedyReport): number {
  const exitCode = options.detailedExitcode === true ? detailedExitCode(found) : found.exitCode;
  return finishRemedy(context, options, { report: { ...found, exitCode }, redact: remediation.redact });
}

function report(
  { options: { dryRun = false }, plan, digest, remediation: { actions } }: Applying,
  words: Told,
  became: Partial<ReportOptions> = {},
): RemedyReport {
  return toRemedyReport({ command: "apply", dryRun, plan, digest, actions, ...became }, words);
}
