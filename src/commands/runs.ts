import { createRedact, type Redact } from "../../services/redact.ts";
import type { RunStatus } from "../../services/remediation/engine.ts";
import type { RunSummary } from "../../services/remediation/journal.ts";
import { EXIT } from "../exit-codes.ts";
import { renderRun, renderRuns, type RunReport, type RunsReport } from "../views/remedy-runs.ts";
import { clean } from "../views/text.ts";
import { writeResult } from "../views/write.ts";
import { CliError, usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { withRemediation } from "./remedy/open.ts";
import { serviceFor, whereOf } from "./remedy/where.ts";

export interface RunsOptions extends OutputOptions {
  readonly run?: string | undefined;
  readonly limit: number;
  readonly config?: string;
  /** A service, whose store is asked. */
  readonly url?: string;
}

/** Lists what was applied and taken back, or tells one run event by event. Resolves with 0. */
export async function runs(context: CommandContext, options: RunsOptions): Promise<number> {
  const { run, limit } = options;
  const url = serviceFor(context.env, options);
  if (url !== undefined) {
    const { openThere } = await import("./remedy/there.ts");
    const there = openThere(context, url);
    // The service has redacted what it says.
    const showing: Showing = { context, options, redact: createRedact([]), where: there.where };
    return run === undefined
      ? showRuns(showing, await there.runs(limit))
      : showRun(showing, await there.run(run));
  }
  const where = whereOf({ config: options.config });
  return withRemediation(context, options.config, async ({ remediation: { store, engine, redact } }) => {
    const showing: Showing = { context, options, redact, where };
    if (run === undefined) return showRuns(showing, await store.runs({ limit }));
    const status = await engine.status(run);
    if (status.kind === "not-found")
      throw usageError(
        `there is no run ${JSON.stringify(clean(run))} in the store.`,
        `greenlight runs${where} lists them.`,
      );
    if (status.kind === "unavailable") throw new CliError(EXIT.temporary, status.because);
    return showRun(showing, status);
  });
}

interface Showing {
  readonly context: CommandContext;
  readonly options: RunsOptions;
  readonly redact: Redact;
  /** As `whereOf` says it. */
  readonly where: string;
}

function showRuns({ context, options, redact, where }: Showing, found: readonly RunSummary[]): number {
  const result: RunsReport = { schemaVersion: 1, command: "runs", runs: found };
  writeResult(context, options, {
    result,
    human: (report, terminal) => redact(renderRuns(report, terminal, where)),
  });
  return EXIT.ok;
}

function showRun(
  { context, options, redact }: Showing,
  { run, dryRun, summary, steps, plan, events }: RunStatus & { readonly kind: "known" },
): number {
  const result: RunReport = {
    schemaVersion: 1,
    command: "runs",
    ...run,
    dryRun,
    ...(summary !== undefined && { summary }),
    title: plan.title,
    steps,
    events,
  };
  writeResult(context, options, {
    result,
    human: (report, terminal) => redact(renderRun(report, terminal)),
  });
  return EXIT.ok;
}
