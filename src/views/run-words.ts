import type { ActiveWaiver } from "../../services/gate/verdict.ts";
import type { Attribution, Judged } from "../../services/triage/result.ts";
import type { RunOutcome, RunRecord } from "./run-record.ts";

/** True when nothing is to be done: the command ends with 0. */
export const isGood = ({ outcome, exitCode }: Pick<RunRecord, "outcome" | "exitCode">): boolean =>
  exitCode === 0 && (outcome === "passed" || outcome === "dry-run");

/** How a run ended, in one word or two. */
export const OUTCOME_WORDS: Readonly<Record<RunOutcome, string>> = {
  passed: "passed",
  failed: "tests failed",
  environment: "the environment failed",
  "not-fit-in-time": "not fit in time",
  unfit: "unfit",
  aborted: "aborted",
  "no-tests": "no tests",
  "not-run": "not run",
  "dry-run": "dry run",
};

/** In the order in which a reader should look at them: what is nobody else's fault first. */
export const ATTRIBUTIONS: readonly Attribution[] = ["test", "mixed", "undetermined", "environment"];

export const ATTRIBUTION_TITLES: Readonly<Record<Attribution, string>> = {
  test: "Test failures: the environment was fit",
  mixed: "Mixed: the environment was unfit, and the failure says something else",
  undetermined: "Undetermined: it cannot be told",
  environment: "Environment failures",
};

/** The red tests of each attribution that there are any of, in the order of `ATTRIBUTIONS`. */
export function groupJudged(
  judged: readonly Judged[],
): { attribution: Attribution; tests: readonly Judged[] }[] {
  const groups = Map.groupBy(judged, ({ attribution }) => attribution);
  return ATTRIBUTIONS.flatMap((attribution) => {
    const tests = groups.get(attribution);
    return tests === undefined ? [] : [{ attribution, tests }];
  });
}

/** The causes that speak for an attribution, each once. */
export const causesOf = ({ evidence }: Judged): string[] => [
  ...new Set(evidence.map((each) => (each.kind === "incident" ? each.incident.code : each.code))),
];

/** The incidents that speak for it, each once. */
export const incidentsOf = ({ evidence }: Judged): string[] => [
  ...new Set(evidence.flatMap((each) => (each.kind === "incident" ? [each.incident.id] : []))),
];

/** `12:03:04`, in UTC. */
export const clockTime = (ms: number): string => isoTime(ms).slice(11, 19);

/** In UTC; a time that is none, of a foreign record, as 1970. */
export function isoTime(ms: number): string {
  const date = new Date(ms);
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString();
}

/** `12:03:04–12:03:31 UTC`, or `since 12:03:04 UTC`. */
export const fromTo = ({ startedAt, endedAt }: { startedAt: number; endedAt?: number | undefined }): string =>
  endedAt === undefined
    ? `since ${clockTime(startedAt)} UTC`
    : `${clockTime(startedAt)}–${clockTime(endedAt)} UTC`;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** What is accepted, by whom, and for how long. */
export const waiverText = ({ finding, reason, owner, expires, daysLeft }: ActiveWaiver): string =>
  `${finding}: ${reason} (${owner}; until ${expires}, ${daysLeft === 0 ? "its last day" : `${plural(daysLeft, "day")} left`})`;
