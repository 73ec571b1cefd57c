import type { RunStatus } from "../../services/remediation/engine.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import { previewRollback } from "../../services/remediation/rollback-preview.ts";
import type { Config } from "../config/config.ts";
import { EXIT } from "../exit-codes.ts";
import type { Remediation } from "../remediation/open-remediation.ts";
import type { RemedyReport } from "../views/remedy-report.ts";
import { clean } from "../views/text.ts";
import { CliError, usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { checkEnvironment } from "./remedy/check-environment.ts";
import { exitCodeOf } from "./remedy/exit-code.ts";
import { nextStepsOf, quote } from "./remedy/next-steps.ts";
import { withRemediation } from "./remedy/open.ts";
import { previewReport } from "./remedy/preview-report.ts";
import { finishRemedy, outcomeOf, type ReportOptions, toRemedyReport } from "./remedy/report.ts";
import { runEngine } from "./remedy/run-engine.ts";
import { serviceFor, whereOf } from "./remedy/where.ts";

export interface TakeOverOptions extends OutputOptions {
  readonly run: string;
  readonly command: "rollback" | "resume";
  /** Of a rollback. */
  readonly dryRun?: boolean;
  readonly approveEnvironment?: string;
  readonly config?: string;
  /** A service that has the run in its store. */
  readonly url?: string;
}

/** Takes a run back, or finishes one that was stopped or killed. */
export async function takeOver(context: CommandContext, options: TakeOverOptions): Promise<number> {
  const url = serviceFor(context.env, options);
  if (url !== undefined) {
    const { takeOverThere } = await import("./remedy/take-over-there.ts");
    return takeOverThere(context, options, url);
  }
  const where = whereOf({ config: options.config });
  return withRemediation(context, options.config, async ({ config, remediation }) => {
    const status = await remediation.engine.status(options.run);
    if (status.kind === "not-found")
      throw usageError(
        `there is no run ${JSON.stringify(clean(options.run))} in the store.`,
        `greenlight runs${where} lists them.`,
      );
    if (status.kind === "unavailable") throw new CliError(EXIT.temporary, status.because);
    const taking: Taking = { context, options, config, remediation, status, where };
    const report =
      options.dryRun === true ? await preview(taking) : ((await objection(taking)) ?? (await go(taking)));
    return finishRemedy(context, options, { report, redact: remediation.redact });
  });
}

interface Taking {
  readonly context: CommandContext;
  readonly options: TakeOverOptions;
  readonly config: Config;
  readonly remediation: Remediation;
  readonly status: RunStatus & { readonly kind: "known" };
  /** As `whereOf` says it. */
  readonly where: string;
}

/**
 * A run is taken over where it was run. Finishing it in production wants a person's word anew; taking it back does not:
 * it restores what was there, and whoever has to do so has no time to look names up.
 */
async function objection(taking: Taking): Promise<RemedyReport | undefined> {
  const { context, options, config, status, where } = taking;
  const planned = status.run.environment;
  const answer = await checkEnvironment(context, { config, planned, approved: options.approveEnvironment });
  if (answer.ok || (answer.code === "ENVIRONMENT_NOT_APPROVED" && options.command === "rollback"))
    return undefined;
  const { code, because } = answer;
  const nextSteps =
    code === "ENVIRONMENT_MISMATCH"
      ? [`Do it where the run was: in ${planned}.`]
      : [`If it is meant: greenlight resume ${options.run} --approve-environment ${quote(planned)}${where}`];
  const { noPermission: exitCode } = EXIT;
  return toRemedyReport(about(taking), { outcome: "refused", code, summary: because, exitCode, nextSteps });
}

async function go(taking: Taking): Promise<RemedyReport> {
  const { context, options, remediation, status, where } = taking;
  const { command, run: runId } = options;
  const { plan } = status;
  const { result, verified } = await runEngine(context, { plan, redact: remediation.redact }, (call) =>
    remediation.engine[command]({ ...call, runId }),
  );
  const reports = result.steps.length > 0 ? result.steps : status.steps;
  return toRemedyReport(
    { ...about(taking), reports, verified },
    {
      ...outcomeOf(result),
      exitCode: exitCodeOf(result, { back: command === "rollback" }),
      nextSteps: nextStepsOf(result, { command, where, runId }),
    },
  );
}

/** What a rollback would take back; asks the world, and changes nothing. */
async function preview(taking: Taking): Promise<RemedyReport> {
  const { context, remediation, status, where } = taking;
  const found = await previewRollback(status, { ...remediation, signal: context.signal });
  return previewReport(about(taking), { found, where });
}

function about({ options, status, remediation: { actions } }: Taking): ReportOptions {
  const { command, dryRun = false } = options;
  const { plan, run, steps: reports } = status;
  return { command, dryRun, plan, digest: planDigest(plan), actions, runId: run.runId, reports };
}
