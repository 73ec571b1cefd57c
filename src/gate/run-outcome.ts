import type { TriageResult } from "../../services/triage/result.ts";
import { EXIT } from "../exit-codes.ts";
import type { RunOutcome } from "../views/run-record.ts";
import { type ChildEnd, signalNumber } from "./child.ts";

export interface OutcomeInput {
  readonly end: ChildEnd;
  readonly reports: ReportsFound;
  /** The command is pytest, whose exit codes are known. */
  readonly pytest: boolean;
  /** With what somebody asked this process to end while the suite ran. */
  readonly interrupted?: NodeJS.Signals | undefined;
  /** Why the suite was ended early by this process, in one sentence. */
  readonly aborted?: string | undefined;
}

/** What the tests' own reports say. */
export type ReportsFound =
  /** The suite is not known to write any. */
  | { readonly kind: "none" }
  /** One was asked for, and none was written; `what` names it. */
  | { readonly kind: "missing"; readonly what: string }
  | { readonly kind: "read"; readonly triage: TriageResult };

export interface Outcome {
  readonly outcome: RunOutcome;
  readonly exitCode: number;
  /** One sentence: the verdict. */
  readonly summary: string;
}

/** pytest's own: interrupted, which a broken collection is too; other codes than these and 1 say nothing of tests. */
const PYTEST_TESTS_FAILED = new Set([1, 2]);
const PYTEST_NO_TESTS = 5;
/** What shells answer for commands that did not run or were killed. */
const isShellCode = (code: number): boolean => code >= EXIT.notExecutable && code <= 128 + 64;

/** Pure: how a run ended. A pass needs a command that passed and no test that failed or was not executed. */
export function judgeRun(input: OutcomeInput): Outcome {
  const { end, aborted, interrupted } = input;
  if (end.kind === "not-started") {
    const { exitCode, message } = end.failure;
    return { outcome: "not-run", exitCode, summary: `Not run: ${message}` };
  }
  if (aborted !== undefined) {
    return { outcome: "aborted", exitCode: EXIT.temporary, summary: `Aborted: ${aborted}` };
  }
  if (end.kind === "killed") return notFinished(end.signal, "ended the command");
  // What ran until then may all have passed; the rest did not run.
  if (end.code === 0 && interrupted !== undefined)
    return notFinished(interrupted, "came before the command ended");
  return judgeExit(end.code, input);
}

const notFinished = (signal: NodeJS.Signals, what: string): Outcome => ({
  outcome: "not-run",
  exitCode: 128 + signalNumber(signal),
  summary: `Not finished: ${signal} ${what}.`,
});

function judgeExit(code: number, { reports, pytest, interrupted }: OutcomeInput): Outcome {
  const triage = reports.kind === "read" ? reports.triage : undefined;
  const failed = triage?.counts.failed ?? 0;
  if (isShellCode(code)) return red(code, failed);
  if (pytest && code === PYTEST_NO_TESTS) return noTests("pytest selected none (its exit code 5)");
  if (pytest && code !== 0 && !PYTEST_TESTS_FAILED.has(code)) return red(code, failed);
  if (reports.kind === "missing" && code === 0) {
    return noTests(`the command ended with 0, and ${reports.what}, so that nothing shows that a test ran`);
  }
  if (triage === undefined) return code === 0 ? passed() : red(code, failed);
  // What was not read may hold anything.
  const complete = triage.faults.length === 0;
  // Where the command says that all is well, somebody has to show it: an empty report is no better than none.
  if (executed(triage) === 0 && (complete || code === 0)) return noTests(whyNone(triage, complete));
  if (code === 0 && failed === 0) return passed(triage);
  if (complete && interrupted === undefined && isEnvironmentAlone(triage)) {
    const summary = `The environment's fault: ${count(failed, "test")} failed, ${failed === 1 ? "and it" : "all of them"} while it was unfit.`;
    return { outcome: "environment", exitCode: EXIT.temporary, summary };
  }
  return code === 0 ? deniedPass(failed) : red(code, failed);
}

const executed = ({ counts }: TriageResult): number => counts.passed + counts.failed;

const isEnvironmentAlone = ({ judged, counts }: TriageResult): boolean =>
  counts.failed > 0 &&
  judged.length >= counts.failed &&
  judged.every(({ attribution }) => attribution === "environment");

const passed = (triage?: TriageResult): Outcome => ({
  outcome: "passed",
  exitCode: EXIT.ok,
  summary: triage?.counts.passed ? `Passed: ${count(triage.counts.passed, "test")} passed.` : "Passed.",
});

function red(exitCode: number, failed: number): Outcome {
  const tests = failed === 0 ? "" : ` ${count(failed, "test")} failed.`;
  return { outcome: "failed", exitCode, summary: `Failed: the command ended with ${exitCode}.${tests}` };
}

/** The word of a command that hides its failures is not taken for a pass. */
const deniedPass = (failed: number): Outcome => ({
  outcome: "failed",
  exitCode: 1,
  summary: `Failed: the command ended with 0, but its reports hold ${count(failed, "failed test")}.`,
});

const noTests = (why: string): Outcome => ({
  outcome: "no-tests",
  exitCode: EXIT.noTests,
  summary: `No test was executed: ${why}.`,
});

function whyNone({ counts: { total, skipped } }: TriageResult, complete: boolean): string {
  if (!complete) return "the reports could not be read whole, and what was read holds none";
  if (total === 0) return "the reports hold none";
  return skipped === 1 ? "the only one was skipped" : `all ${skipped} were skipped`;
}

const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? "" : "s"}`;
