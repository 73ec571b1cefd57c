import { dryRun } from "../gate/dry-run.ts";
import { waitAtGate } from "../gate/gate-wait.ts";
import { openWatch } from "../gate/open-watch.ts";
import { waitRecord } from "../gate/wait-record.ts";
import { parseReportRequests } from "../views/reports/request.ts";
import { writeReports } from "../views/reports/write.ts";
import { renderRun } from "../views/run-human.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext } from "./context.ts";
import { createConfigReader } from "./read-config.ts";
import { suiteOf, type WaitCommandOptions } from "./gate-options.ts";

/** Waits until a suite may start. Resolves with the exit code, which no report changes. */
export async function wait(context: CommandContext, options: WaitCommandOptions): Promise<number> {
  const { invert = false, exclusive = false, dryRun: isDry = false } = options;
  if (invert && exclusive) throw usageError("--exclusive has no use with --invert.");
  if (invert && options.strictValidation === true)
    throw usageError("--strict-validation has no use with --invert: findings make nothing fail.");
  const suite = suiteOf(options);
  const requests = parseReportRequests(options.report);
  const startedAt = Date.now();
  const readConfig = createConfigReader(context, options.config);
  const watch = await openWatch(context, { ...options, suite, readConfig });
  try {
    const end = isDry
      ? await dryRun(context, watch, { ...options, readConfig })
      : await waitAtGate(context, watch, { ...options, readConfig, until: invert ? "unfit" : "fit" });
    const record = await waitRecord(watch, end, { command: "wait", startedAt });
    // A report that goes to stdout has it for itself.
    const stdout = requests.some(({ path }) => path === "-") ? context.stderr : context.stdout;
    writeResult({ ...context, stdout }, options, { result: record, human: renderRun });
    if (!isDry) await writeReports(context, record, requests, options);
    return record.exitCode;
  } finally {
    await watch.close();
  }
}
