import type { RunResult, RunStatus } from "../../services/remediation/engine.ts";
import { planDigest } from "../../services/remediation/plan-digest.ts";
import type { Config } from "../config/config.ts";
import { EXIT } from "../exit-codes.ts";
import type { Remediation } from "../remediation/open-remediation.ts";
import { previewRollback } from "../../services/remediation/rollback-preview.ts";
import { renderRemedy } from "../views/remedy-human.ts";
import { createRemedyProgress } from "../views/remedy-progress.ts";
import type { RemedyReport, RemedyStep } from "../views/remedy-report.ts";
import { countSteps, remedySteps } from "../views/remedy-steps.ts";
import { clean } from "../views/text.ts";
import { writeResult } from "../views/write.ts";
import { CliError, usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { whoWants } from "./remedy/by.ts";
import { checkEnvironment } from "./remedy/check-environment.ts";
import { exitCodeOf } from "./remedy/exit-code.ts";
import { nextStepsOf } from "./remedy/next-steps.ts";
import { withRemediation } from "./remedy/open.ts";
import { windDown } from "./remedy/wind-down.ts";

export interface TakeOverOptions extends OutputOptions {
  readonly run: string;
  readonly command: "rollback" | "resume";
  /** Of a rollback. */
  readonly dryRun?: boolean;
  readonly approveEnvironment?: string;
  readonly config?: string;
}

/** Takes a run back, or finishes one that was stopped or killed. */
export async function takeOver(context: CommandContext, options: TakeOverOptions): Promise<number> {
  return withRemediation(context, options.config, async ({ config, remediation }) => {
    const status = await remediation.engine.status(options.run);
    if (status.kind === "not-found")
      throw usageError(
        `there is no run ${JSON.stringify(clean(options.run))} in the store.`,
        "greenlight runs lists them.",
      );
    if (status.kind === "unavailable") throw new CliError(EXIT.temporary, status.because);
    const taking: Taking = { context, options, config, remediation, status };
    const report =
      options.dryRun === true ? await preview(taking) : ((await objection(taking)) ?? (await go(taking)));
    writeResult(context, options, {
      result: report,
      human: (each, terminal) => remediation.redact(renderRemedy(each, terminal)),
    });
    if (report.outcome === "stopped" || report.code === "ABORTED") context.signal.throwIfAborted();
    return report.exitCode;
  });
}

interface Taking {
  readonly context: CommandContext;
  readonly options: TakeOverOptions;
  readonly config: Config;
  readonly remediation: Remediation;
  readonly status: RunStatus & { readonly kind: "known" };
}

/**
 * A run is taken over where it was run. Finishing it in production wants a person's word anew; taking it back does not:
 * it restores what was there, and whoever has to do so has no time to look names up.
 */
async function objection(taking: Taking): Promise<RemedyReport | undefined> {
  const { context, options, config, status } = taking;
  const planned = status.run.environment;
  const answer = await checkEnvironment(context, { config, planned, approved: options.approveEnvironment });
  if (answer.ok || (answer.code === "ENVIRONMENT_NOT_APPROVED" && options.command === "rollback"))
    return undefined;
  const { code, because } = answer;
  const nextSteps =
    code === "ENVIRONMENT_MISMATCH"
      ? [`Do it where the run was: in ${planned}.`]
      : [`If it is meant: greenlight resume ${options.run} --approve-environment ${planned}`];
  return base(taking, { outcome: "refused", code, summary: because, exitCode: EXIT.noPermission, nextSteps });
}

async function go(taking: Taking): Promise<RemedyReport> {
  const { context, options, remediation, status } = taking;
  const { command, run: runId } = options;
  const tell = (line: string): void => void context.stderr.write(`${remediation.redact(line)}\n`);
  const progress = createRemedyProgress({ steps: status.plan.steps.map(({ id }) => id), write: tell });
  const winding = windDown({ signal: context.signal, tell });
  let result: RunResult;
  try {
    result = await remediation.engine[command]({
      runId,
      by: whoWants(context.env),
      signal: winding.signal,
      onEvent(notice) {
        winding.onEvent(notice);
        progress.onEvent(notice);
      },
    });
  } finally {
    winding.close();
  }
  const { actions } = remediation;
  const reports = result.steps.length > 0 ? result.steps : status.steps;
  const steps = remedySteps({ plan: status.plan, actions, reports, verified: progress.verified });
  return {
    ...base(taking, {
      outcome: result.kind === "ended" ? result.outcome : result.kind,
      ...(result.kind === "ended" ? {} : { code: result.code }),
      summary: result.kind === "ended" ? result.summary : result.because,
      exitCode: exitCodeOf(result, { back: command === "rollback" }),
      nextSteps: nextStepsOf(result, command),
    }),
    counts: countSteps(steps),
    steps,
  };
}

/** What a rollback would take back; asks the world, and changes nothing. */
async function preview(taking: Taking): Promise<RemedyReport> {
  const { context, options, remediation, status } = taking;
  const found = await previewRollback(status, { ...remediation, signal: context.signal });
  const back = found.filter(({ willUndo }) => willUndo);
  const byId = new Map(found.map((each) => [each.id, each]));
  const all = remedySteps({ plan: status.plan, actions: remediation.actions, reports: status.steps });
  const steps = all.flatMap((step): RemedyStep[] => {
    const each = byId.get(step.id);
    if (each === undefined) return [];
    const { id, title, symbol, needsApproval, destructive } = step;
    const found = { kind: each.willUndo ? "needed" : "satisfied", because: each.because };
    return [{ id, title, symbol, needsApproval, destructive, begun: false, found }];
  });
  const summary =
    back.length === 0
      ? "dry run: there is nothing to take back"
      : `dry run: would take back, in this order: ${back.map(({ id }) => id).join(", ")}; nothing was changed`;
  const order = found.map(({ id }) => id);
  return {
    ...base(taking, {
      outcome: "succeeded",
      summary,
      exitCode: EXIT.ok,
      nextSteps: back.length === 0 ? [] : [`To take it back: greenlight rollback ${options.run}`],
    }),
    counts: countSteps(steps),
    steps: steps.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id)),
  };
}

type Told = Pick<RemedyReport, "outcome" | "code" | "summary" | "exitCode" | "nextSteps">;

function base({ options, status, remediation }: Taking, told: Told): RemedyReport {
  const { plan, run } = status;
  const steps = remedySteps({ plan, actions: remediation.actions, reports: status.steps });
  return {
    schemaVersion: 1,
    command: options.command,
    ...told,
    dryRun: options.dryRun === true,
    runId: run.runId,
    plan: { id: plan.id, digest: planDigest(plan), title: plan.title, environment: run.environment },
    counts: countSteps(steps),
    steps,
  };
}
