import type { RunResult } from "../../services/remediation/engine.ts";
import type { Plan } from "../../services/remediation/plan.ts";
import type { Config } from "../config/config.ts";
import { EXIT } from "../exit-codes.ts";
import type { Remediation } from "../remediation/open-remediation.ts";
import { renderRemedy } from "../views/remedy-human.ts";
import { createRemedyProgress } from "../views/remedy-progress.ts";
import type { RemedyReport } from "../views/remedy-report.ts";
import { countSteps, remedySteps } from "../views/remedy-steps.ts";
import { describeTerminal } from "../views/terminal.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { whoWants } from "./remedy/by.ts";
import { checkEnvironment } from "./remedy/check-environment.ts";
import { askForDigest, canAsk, namesDigest } from "./remedy/confirm.ts";
import { detailedExitCode, exitCodeOf } from "./remedy/exit-code.ts";
import { findPlan } from "./remedy/find-plan.ts";
import { applyCommand, nextStepsOf } from "./remedy/next-steps.ts";
import { withRemediation } from "./remedy/open.ts";
import { windDown } from "./remedy/wind-down.ts";

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
  if (options.url !== undefined) {
    const { applyThere } = await import("./remedy/apply-there.ts");
    return applyThere(context, { ...options, url: options.url });
  }
  return withRemediation(context, options.config, async ({ config, remediation }) => {
    const found = await findPlan(options.plan, { store: remediation.store, cwd: context.cwd });
    const applying: Applying = { context, options, config, remediation, ...found };
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
  const { context, options, config, plan, digest, remediation } = applying;
  const { confirm, approveEnvironment } = options;
  const steps = remedySteps({ plan, actions: remediation.actions });
  const answer = await checkEnvironment(context, {
    config,
    planned: plan.environment,
    approved: approveEnvironment,
  });
  if (!answer.ok && answer.code === "ENVIRONMENT_MISMATCH")
    return report(applying, {
      outcome: "refused",
      ...answer,
      exitCode: EXIT.noPermission,
      nextSteps: ["Apply it where it is for, or make a plan for here: greenlight plan"],
    });
  const environment = answer.ok && approveEnvironment === undefined ? undefined : plan.environment;
  const command = applyCommand({ plan: options.plan, digest, steps, environment, config: options.config });
  if (confirm !== undefined && !namesDigest(confirm, digest))
    return report(applying, {
      outcome: "refused",
      code: "DIGEST_MISMATCH",
      because: `the plan's digest is ${digest}, and another was confirmed`,
      exitCode: EXIT.noPermission,
      nextSteps: [`Look at the plan as it is now: greenlight apply ${options.plan}`],
    });
  if (confirm !== undefined && !answer.ok)
    return report(applying, {
      outcome: "refused",
      ...answer,
      exitCode: EXIT.noPermission,
      nextSteps: [`If it is meant: ${command}`],
    });
  if (confirm !== undefined) return undefined;
  return report(applying, {
    outcome: answer.ok ? "shown" : "refused",
    ...(answer.ok
      ? { because: "nothing was changed; a plan is applied when its digest is confirmed" }
      : answer),
    exitCode: EXIT.noPermission,
    nextSteps: [`To apply it: ${command}`, "To see what the world says to it first: add --dry-run"],
  });
}

async function run(applying: Applying): Promise<RemedyReport> {
  const { context, options, plan, digest, remediation } = applying;
  const { approve = [], dryRun = false } = options;
  const tell = (line: string): void => void context.stderr.write(`${remediation.redact(line)}\n`);
  const progress = createRemedyProgress({
    steps: plan.steps.map(({ id }) => id),
    write: dryRun ? () => undefined : tell,
  });
  const winding = windDown({ signal: context.signal, tell });
  let result: RunResult;
  try {
    result = await remediation.engine.apply({
      plan,
      digest,
      by: whoWants(context.env),
      approvals: approve,
      dryRun,
      signal: winding.signal,
      onEvent(notice) {
        winding.onEvent(notice);
        progress.onEvent(notice);
      },
    });
  } finally {
    winding.close();
  }
  const steps = remedySteps({
    plan,
    actions: remediation.actions,
    reports: result.steps,
    verified: progress.verified,
  });
  const command = applyCommand({ plan: options.plan, digest, steps, config: options.config });
  return {
    ...report(applying, {
      outcome: result.kind === "ended" ? result.outcome : result.kind,
      ...(result.kind === "ended" ? {} : { code: result.code }),
      because: result.kind === "ended" ? result.summary : result.because,
      exitCode: exitCodeOf(result, { back: false }),
      nextSteps:
        result.kind === "ended" && dryRun ? [`To apply it: ${command}`] : nextStepsOf(result, "apply"),
    }),
    ...(result.kind === "refused" ? {} : { runId: result.runId }),
    counts: countSteps(steps),
    steps,
  };
}

function finish({ context, options, remediation }: Applying, report: RemedyReport): number {
  const { begun } = {
    begun: report.steps.filter((step) => (report.dryRun ? step.found?.kind === "needed" : step.begun)),
  };
  const exitCode =
    options.detailedExitcode === true
      ? detailedExitCode(report.exitCode, { changes: begun.length })
      : report.exitCode;
  const result = { ...report, exitCode };
  writeResult(context, options, {
    result,
    human: (each, terminal) => remediation.redact(renderRemedy(each, terminal)),
  });
  // Its own result has been told; the shell is told that it was interrupted.
  if (report.outcome === "stopped" || report.code === "ABORTED") context.signal.throwIfAborted();
  return exitCode;
}

interface Told {
  readonly outcome: RemedyReport["outcome"];
  readonly code?: string;
  readonly because: string;
  readonly exitCode: number;
  readonly nextSteps: readonly string[];
}

function report({ options, plan, digest, remediation }: Applying, told: Told): RemedyReport {
  const { outcome, code, because, exitCode, nextSteps } = told;
  const steps = remedySteps({ plan, actions: remediation.actions });
  return {
    schemaVersion: 1,
    command: "apply",
    exitCode,
    outcome,
    ...(code !== undefined && { code }),
    summary: because,
    dryRun: options.dryRun === true,
    plan: { id: plan.id, digest, title: plan.title, environment: plan.environment },
    counts: countSteps(steps),
    steps,
    nextSteps,
  };
}
