import type { RunRecord } from "../views/run-record.ts";
import type { DryRun } from "./dry-run.ts";
import type { GateWait } from "./gate-wait.ts";
import type { Watch } from "./watch.ts";

/** The record of a wait, or of anything that ended before a command was started. `startedAt` is wall clock, ms. */
export async function waitRecord(
  watch: Watch,
  end: GateWait | DryRun,
  { command, startedAt }: Pick<RunRecord, "command" | "startedAt">,
): Promise<RunRecord> {
  const { outcome, exitCode, summary, nextSteps, notes, waitedMs, seen } = end;
  const { evaluation, checks } = seen;
  const hasNone = outcome === "dry-run" || evaluation.verdict === "inconclusive";
  // Who could not be asked a moment ago has nothing to tell now either.
  const incidents = hasNone ? [] : await watch.incidents(startedAt);
  return {
    schemaVersion: 1,
    command,
    suite: watch.suite,
    outcome,
    exitCode,
    summary,
    startedAt,
    endedAt: Date.now(),
    vantage: watch.vantage(),
    gate: { verdict: evaluation.verdict, waitedMs, evaluation, checks },
    incidents,
    junit: [],
    fingerprint: await watch.fingerprint(),
    // The trouble that decided is the verdict itself.
    notes: notes.filter((note) => !summary.includes(note.replace(/\.$/, ""))),
    nextSteps,
  };
}
