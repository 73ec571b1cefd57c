import { createRedact } from "../../../services/redact.ts";
import { allActions } from "../../../services/remediation/actions.ts";
import { EXIT } from "../../exit-codes.ts";
import type { RemedyReport } from "../../views/remedy-report.ts";
import { remedySteps } from "../../views/remedy-steps.ts";
import type { ApplyOptions } from "../apply.ts";
import { CliError, usageError } from "../cli-error.ts";
import type { CommandContext } from "../context.ts";
import { namesDigest } from "./confirm.ts";
import { detailedExitCode } from "./exit-code.ts";
import { isPath } from "./find-plan.ts";
import { applyCommand } from "./next-steps.ts";
import { finishRemedy, type ReportOptions, toRemedyReport } from "./report.ts";
import { followThere, toldOf } from "./there-follow.ts";
import { readDryRun } from "./there-answer.ts";
import { openThere, type There } from "./there.ts";
import { otherDigest, shownAlone } from "./unconfirmed.ts";

/** Has a service apply a plan of its own, and follows the run to its end. */
export async function applyThere(
  context: CommandContext,
  options: ApplyOptions,
  url: string,
): Promise<number> {
  if (isPath(options.plan))
    throw usageError(
      "a service applies plans of its own, and this is a file.",
      "Leave out --url (and GREENLIGHT_URL) to apply it from here, or have one made there: greenlight plan --url",
    );
  const report = await ask(context, options, openThere(context, url));
  const finished =
    options.detailedExitcode === true ? { ...report, exitCode: detailedExitCode(report) } : report;
  // The service has redacted what it says; of secrets nothing is known here.
  return finishRemedy(context, options, { report: finished, redact: createRedact([]) });
}

async function ask(context: CommandContext, options: ApplyOptions, there: There): Promise<RemedyReport> {
  const { plan: id, confirm, approve = [], approveEnvironment, dryRun = false } = options;
  const { where } = there;
  const { plan, digest } = await there.plan(id);
  const actions = allActions();
  const about: ReportOptions = { command: "apply", dryRun, plan, digest, actions };
  const steps = remedySteps({ plan, actions });
  const command = applyCommand({ plan: id, digest, steps, environment: approveEnvironment, where });
  if (!dryRun && confirm === undefined) return toRemedyReport(about, shownAlone(command));
  if (confirm !== undefined && !namesDigest(confirm, digest))
    return toRemedyReport(about, otherDigest({ plan: id, digest, where }));
  const posted = await there.post("runs", {
    plan: id,
    digest,
    dryRun,
    approvals: approve,
    ...(approveEnvironment !== undefined && { approveEnvironment }),
  });
  if (posted.kind === "refused") return toRemedyReport(about, posted);
  if (posted.kind === "over") {
    const shown = readDryRun(posted.body);
    if (shown === undefined)
      throw new CliError(EXIT.unavailable, `${there.shown} answered with what is no run of this version.`);
    const { runId, summary, reports } = shown;
    return toRemedyReport(
      { ...about, runId, reports },
      { outcome: "succeeded", summary, exitCode: EXIT.ok, nextSteps: [`To apply it: ${command}`] },
    );
  }
  const { run, verified } = await followThere(context, there, posted.runId);
  const ended = { ...about, runId: posted.runId, reports: run.steps, verified };
  return toRemedyReport(ended, toldOf(run, { command: "apply", ...there }));
}
