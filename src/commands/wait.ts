import { dryRun } from "../gate/dry-run.ts";
import { waitAtGate } from "../gate/gate-wait.ts";
import { openWatch } from "../gate/open-watch.ts";
import { waitRecord } from "../gate/wait-record.ts";
import { parseReportRequests } from "../views/reports/request.ts";
import { renderWait } from "../views/wait-human.ts";
import { writeResult } from "../views/write.ts";
import { usageError } from "./cli-error.ts";
import type { CommandContext } from "./context.ts";
import { suiteOf, type WaitCommandOptions } from "./gate-options.ts";

/** Waits until a suite may start. Resolves with the exit code. */
export async function wait(context: CommandContext, options: WaitCommandOptions): Promise<number> {
  const { invert = false, exclusive = false } = options;
  if (invert && exclusive) throw usageError("--exclusive has no use with --invert.");
  const suite = suiteOf(options);
  parseReportRequests(options.report);
  const startedAt = Date.now();
  const watch = await openWatch(context, { ...options, suite });
  try {
    const end =
      options.dryRun === true
        ? await dryRun(context, watch, options)
        : await waitAtGate(context, watch, { ...options, until: invert ? "unfit" : "fit" });
    const record = await waitRecord(watch, end, { command: "wait", startedAt });
    writeResult(context, options, { result: record, human: renderWait });
    return record.exitCode;
  } finally {
    await watch.close();
  }
}
