import { EXIT } from "../exit-codes.ts";
import { renderRun, renderRuns, type RunReport, type RunsReport } from "../views/remedy-runs.ts";
import { clean } from "../views/text.ts";
import { writeResult } from "../views/write.ts";
import { CliError, usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { withRemediation } from "./remedy/open.ts";

export interface RunsOptions extends OutputOptions {
  readonly run?: string | undefined;
  readonly limit: number;
  readonly config?: string;
}

/** Lists what was applied and taken back, or tells one run event by event. Resolves with 0. */
export async function runs(context: CommandContext, options: RunsOptions): Promise<number> {
  return withRemediation(context, options.config, async ({ remediation: { store, engine, redact } }) => {
    if (options.run === undefined) {
      const result: RunsReport = {
        schemaVersion: 1,
        command: "runs",
        runs: await store.runs({ limit: options.limit }),
      };
      writeResult(context, options, {
        result,
        human: (report, terminal) => redact(renderRuns(report, terminal)),
      });
      return EXIT.ok;
    }
    const status = await engine.status(options.run);
    if (status.kind === "not-found")
      throw usageError(
        `there is no run ${JSON.stringify(clean(options.run))} in the store.`,
        "greenlight runs lists them.",
      );
    if (status.kind === "unavailable") throw new CliError(EXIT.temporary, status.because);
    const { run, dryRun, summary, steps, plan, events } = status;
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
  });
}
