import { setTimeout as sleep } from "node:timers/promises";
import type { RunResult } from "../../../services/remediation/engine.ts";
import { EXIT } from "../../exit-codes.ts";
import { createRemedyProgress, type RemedyProgress } from "../../views/remedy-progress.ts";
import { clean } from "../../views/text.ts";
import { CliError } from "../cli-error.ts";
import type { CommandContext } from "../context.ts";
import { exitCodeOf } from "./exit-code.ts";
import { nextStepsOf } from "./next-steps.ts";
import type { Told } from "./report.ts";
import type { RunThere, There } from "./there.ts";

const POLL_MS = 500;
/** A service that is replaced is away for a while; the run is in its journal. */
const MOST_FAILURES = 40;

export interface Followed {
  readonly run: RunThere;
  readonly verified: RemedyProgress["verified"];
}

/** Follows a run to its end, or to where nobody works on it any more. Ctrl-C stops following, and not the run. */
export async function followThere(
  { stderr, signal }: CommandContext,
  there: There,
  runId: string,
): Promise<Followed> {
  stderr.write(
    `Run ${clean(runId)} goes on at ${there.shown}; Ctrl-C stops following it, and not the run.\n`,
  );
  let progress: RemedyProgress | undefined;
  let told = 0;
  for (let failures = 0; ;) {
    try {
      const run = await there.run(runId);
      failures = 0;
      if (progress === undefined) {
        const steps = run.plan.steps.map(({ id }) => id);
        progress = createRemedyProgress({ steps, write: (line) => void stderr.write(`${line}\n`) });
        // What was before it was taken over has been told to whoever followed it then.
        told = Math.max(
          0,
          run.events.findLastIndex(({ type }) => type === "run-resumed"),
        );
      }
      for (const event of run.events.slice(told)) progress.onEvent({ kind: "journalled", runId, event });
      told = run.events.length;
      if (run.run.outcome !== undefined || !run.goesOn) return { run, verified: progress.verified };
    } catch (error) {
      failures += 1;
      if (!(error instanceof CliError) || error.exitCode !== EXIT.temporary || failures > MOST_FAILURES)
        throw error;
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** How it ended, as the engine here would say it. */
export function toldOf(
  { run: { runId, outcome }, dryRun, summary = "", steps }: RunThere,
  { command, where, shown }: Pick<There, "where" | "shown"> & { command: "apply" | "rollback" | "resume" },
): Told {
  const result: RunResult =
    outcome === undefined
      ? {
          kind: "stopped",
          runId,
          code: "LEASE_LOST",
          because: `it was cut off: nobody at ${shown} works on it`,
          steps,
        }
      : { kind: "ended", runId, dryRun, outcome, summary, steps };
  return {
    outcome: outcome ?? "stopped",
    summary: result.kind === "ended" ? summary : result.because,
    exitCode: exitCodeOf(result, { back: command === "rollback" }),
    nextSteps: nextStepsOf(result, { command, where }),
  };
}
