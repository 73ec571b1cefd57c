/** remedy: what apply, rollback, resume and runs share. */
import type { RefusalCode, RunResult, StopCode } from "../../../services/remediation/engine.ts";
import type { RunOutcome } from "../../../services/remediation/journal.ts";
import { EXIT } from "../../exit-codes.ts";
import type { RemedyReport } from "../../views/remedy-report.ts";

const OUTCOMES: Readonly<Record<RunOutcome, number>> = {
  succeeded: EXIT.ok,
  "rolled-back": EXIT.unavailable,
  failed: EXIT.unavailable,
  pending: EXIT.temporary,
};

export const REFUSALS: Readonly<Record<RefusalCode, number>> = {
  DIGEST_MISMATCH: EXIT.noPermission,
  PLAN_INVALID: EXIT.findings,
  NOT_APPROVED: EXIT.noPermission,
  PERMISSION_MISSING: EXIT.noPermission,
  ATTEMPTS_EXHAUSTED: EXIT.unavailable,
  WORLD_MOVED: EXIT.unavailable,
  STEP_REFUSED: EXIT.unavailable,
  WORLD_UNKNOWN: EXIT.temporary,
  LOCKED: EXIT.temporary,
  RUN_UNFINISHED: EXIT.unavailable,
  RUN_NOT_FOUND: EXIT.usage,
  RUN_ENDED: EXIT.usage,
  STORE_UNAVAILABLE: EXIT.temporary,
  ABORTED: EXIT.temporary,
};

const STOPS: Readonly<Record<StopCode, number>> = {
  STORE_LOST: EXIT.temporary,
  LEASE_LOST: EXIT.temporary,
  ABORTED: EXIT.temporary,
  POSITION_UNKNOWN: EXIT.temporary,
  UNRESPONSIVE: EXIT.temporary,
};

export interface ExitOptions {
  /** A rollback is what was wanted. */
  readonly back: boolean;
}

export function exitCodeOf(result: RunResult, { back }: ExitOptions): number {
  if (result.kind === "refused") return REFUSALS[result.code];
  if (result.kind === "stopped") return STOPS[result.code];
  if (back && result.outcome === "rolled-back") return EXIT.ok;
  return OUTCOMES[result.outcome];
}

/** Terraform's: 0 there was nothing to change, 2 changes were made (or, in a dry run, would be), 1 anything else. */
export function detailedExitCode({ exitCode, dryRun, steps }: RemedyReport): number {
  if (exitCode !== EXIT.ok) return 1;
  return steps.some(({ found, begun }) => (dryRun ? found?.kind === "needed" : begun)) ? 2 : 0;
}

const CODES: readonly (readonly [number, string])[] = [
  [EXIT.ok, "done and verified, or shown by --dry-run"],
  [EXIT.usage, "wrong arguments, no such plan or run, or nothing left to do for it"],
  [EXIT.findings, "the plan is none that can be applied"],
  [EXIT.unavailable, "a step failed and all was taken back, or the world is no longer that of the plan"],
  [
    EXIT.temporary,
    "not in force yet, another run has the environment, stopped half-way, or it cannot be told",
  ],
  [EXIT.noPermission, "not confirmed, not approved, or a permission is missing: nothing was changed"],
  [EXIT.config, "the configuration is wrong"],
  [130, "ended by Ctrl-C with no step left half-done (143: by SIGTERM)"],
];

export const remedyExitHelp = (): string =>
  `\nExit codes:\n${CODES.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`).join("\n")}`;
