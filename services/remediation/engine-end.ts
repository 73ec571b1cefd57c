import type { Redact } from "../redact.ts";
import type { RefusalCode, RunResult, StopCode } from "./engine.ts";
import { type Refusal, refuse } from "./engine-checks.ts";
import { reportsOf } from "./run-report.ts";
import { Stop, messageOf } from "./run-stop.ts";
import { StoreError } from "./store-error.ts";
import type { Run } from "./run.ts";

/** What the journal says when `work` is over, or how it was stopped in the middle. Never rejects. */
export async function endOf(run: Run, work: () => Promise<void>): Promise<RunResult> {
  const { redact } = run.options;
  try {
    await work();
  } catch (error) {
    const { code, message } = error instanceof Stop ? error : new Stop("POSITION_UNKNOWN", messageOf(error));
    const state = run.state();
    return { kind: "stopped", runId: state.runId, code, because: redact(message), steps: reportsOf(state) };
  }
  const state = run.state();
  const { runId, dryRun, outcome = "failed", summary = "" } = state;
  return { kind: "ended", runId, dryRun, outcome, summary, steps: reportsOf(state) };
}

const REFUSALS: Readonly<Record<StopCode, RefusalCode>> = {
  STORE_LOST: "STORE_UNAVAILABLE",
  LEASE_LOST: "LOCKED",
  ABORTED: "ABORTED",
  POSITION_UNKNOWN: "WORLD_UNKNOWN",
  UNRESPONSIVE: "WORLD_UNKNOWN",
};

/** For what went wrong before a run began: nothing was touched. */
export function refusalOf(error: unknown, redact: Redact): Refusal {
  // Anything else is a bug of ours or of an action: nobody can tell, so nothing is begun.
  const fallback = error instanceof StoreError ? "STORE_UNAVAILABLE" : "WORLD_UNKNOWN";
  const code = error instanceof Stop ? REFUSALS[error.code] : fallback;
  return refuse(code, redact(messageOf(error)));
}
