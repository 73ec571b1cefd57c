import { createRedact } from "../../../services/redact.ts";
import { allActions } from "../../../services/remediation/actions.ts";
import { planDigest } from "../../../services/remediation/plan-digest.ts";
import { EXIT } from "../../exit-codes.ts";
import type { RemedyReport } from "../../views/remedy-report.ts";
import { CliError } from "../cli-error.ts";
import type { CommandContext } from "../context.ts";
import type { TakeOverOptions } from "../take-over.ts";
import { previewReport } from "./preview-report.ts";
import { finishRemedy, type ReportOptions, toRemedyReport } from "./report.ts";
import { readPreview } from "./there-answer.ts";
import { followThere, toldOf } from "./there-follow.ts";
import { openThere, type There } from "./there.ts";

/** Has a service take a run back, or finish it, and follows it to its end. */
export async function takeOverThere(
  context: CommandContext,
  options: TakeOverOptions,
  url: string,
): Promise<number> {
  const report = await ask(context, options, openThere(context, url));
  // The service has redacted what it says; of secrets nothing is known here.
  return finishRemedy(context, options, { report, redact: createRedact([]) });
}

async function ask(context: CommandContext, options: TakeOverOptions, there: There): Promise<RemedyReport> {
  const { run: runId, command, dryRun = false, approveEnvironment } = options;
  const { plan, steps: reports } = await there.run(runId);
  const digest = planDigest(plan);
  const about: ReportOptions = { command, dryRun, plan, digest, actions: allActions(), runId, reports };
  const path = `runs/${encodeURIComponent(runId)}/${command}`;
  const body = {
    ...(dryRun && { dryRun }),
    ...(approveEnvironment !== undefined && { approveEnvironment }),
  };
  const posted = await there.post(path, body, runId);
  if (posted.kind === "refused") return toRemedyReport(about, posted);
  if (posted.kind === "over" && dryRun) {
    const found = readPreview(posted.body);
    if (found === undefined)
      throw new CliError(EXIT.unavailable, `${there.shown} answered with what is no run of this version.`);
    return previewReport(about, { found, where: there.where });
  }
  const { run, verified } = await followThere(context, there, runId);
  const ended = { ...about, plan: run.plan, reports: run.steps, verified };
  return toRemedyReport(ended, toldOf(run, { command, ...there }));
}
