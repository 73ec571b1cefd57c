import type { Reason } from "../../../services/gate/verdict.ts";
import type { SeenRequirement } from "../../../services/gate/seen.ts";
import type { RunRecord } from "../run-record.ts";
import { isGood, OUTCOME_WORDS } from "../run-words.ts";

/** One thing that was judged, as test viewers know it. `error`: it could not be told. */
export interface Case {
  readonly name: string;
  readonly status: "passed" | "failed" | "error" | "skipped";
  /** One sentence; of everything but what passed. */
  readonly message?: string;
  /** The code of a cause or a reason. */
  readonly type?: string;
  /** What can be done, one a line. */
  readonly remedies: readonly string[];
  readonly durationMs?: number;
}

/**
 * Pure: one case for each requirement, then what concerns the suite as a whole and how the run ended. A run that is not
 * good has at least one case that is red, so that no viewer takes it for a pass.
 */
export function gateCases(record: RunRecord): readonly Case[] {
  const { checks, evaluation } = record.gate;
  const seen = new Set(checks.map(({ dependency }) => dependency));
  const unseen = evaluation.reasons.filter(
    ({ dependency }) => dependency !== undefined && !seen.has(dependency),
  );
  const cases = [
    ...checks.map((check) => checkCase(check, reasonFor(check, evaluation.reasons))),
    ...unseen.map((reason) => reasonCase(reason.dependency ?? "", reason)),
    ...evaluation.reasons
      .filter(({ dependency, effect }) => dependency === undefined && effect === "blocks")
      .map((reason) => reasonCase(reason.finding?.id ?? `suite ${record.suite}`, reason)),
  ];
  return [...cases, ...outcomeCases(record, cases.some(isRed))];
}

export const isRed = ({ status }: Case): boolean => status === "failed" || status === "error";

const reasonFor = ({ dependency }: SeenRequirement, reasons: readonly Reason[]): Reason | undefined =>
  reasons.find((each) => each.dependency === dependency && each.effect === "blocks") ??
  reasons.find((each) => each.dependency === dependency);

function checkCase(check: SeenRequirement, reason: Reason | undefined): Case {
  const { dependency: name, durationMs, status } = check;
  const time = durationMs === undefined ? {} : { durationMs };
  if (reason !== undefined && reason.code !== "WARNING") return { ...reasonCase(name, reason), ...time };
  if (status === "pass" || status === "warn") return { name, status: "passed", remedies: [], ...time };
  const result = status === "unknown" ? "error" : "failed";
  return {
    name,
    status: check.level === "optional" ? "skipped" : result,
    message: `${name}: ${status}${check.cause === undefined ? "" : ` (${check.cause})`}.`,
    type: check.cause ?? "UNKNOWN",
    remedies: [],
    ...time,
  };
}

/** Reasons that say that nothing is known, rather than that something is wrong. */
const UNKNOWN: ReadonlySet<string> = new Set(["UNKNOWN", "NOT_OBSERVED", "SUSPECT"]);

function reasonCase(name: string, { level, code, cause, finding, message }: Reason): Case {
  const result = UNKNOWN.has(code) ? "error" : "failed";
  return {
    name,
    status: level === "optional" ? "skipped" : result,
    message: cause === undefined ? message : `${message} ${cause.message}`,
    type: cause?.code ?? finding?.code ?? code,
    remedies: cause?.remedies ?? finding?.remedies ?? [],
  };
}

/** How the command ended, where one was started; what is not good is red by itself when nothing else is. */
function outcomeCases(record: RunRecord, anyRed: boolean): Case[] {
  const { child, outcome, summary, nextSteps } = record;
  if (isGood(record))
    return child === undefined ? [] : [{ name: "command", status: "passed", remedies: [], ...took(record) }];
  if (child === undefined && anyRed) return [];
  return [
    {
      name: child === undefined ? "gate" : "command",
      status: outcome === "failed" || outcome === "unfit" ? "failed" : "error",
      message: summary,
      type: OUTCOME_WORDS[outcome],
      remedies: nextSteps,
      ...took(record),
    },
  ];
}

const took = ({ child }: RunRecord): { durationMs?: number } =>
  child === undefined ? {} : { durationMs: Math.max(0, child.endedAt - child.startedAt) };
