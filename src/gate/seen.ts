import type { SuiteOptions } from "../../services/gate/suite.ts";
import type { Check } from "../../services/health/check.ts";
import type { Seen, SeenCheck } from "./watch.ts";

/** Pure: what a table shows of each requirement. `checks` by the name the suite gives it. */
export function seenChecks(
  { requirements }: Pick<SuiteOptions, "requirements">,
  checks: ReadonlyMap<string, Check>,
): readonly SeenCheck[] {
  return requirements.map(({ dependency, level }) => {
    const check = checks.get(dependency);
    if (check === undefined) return { dependency, level, status: "unknown" };
    const { status, cause, durationMs, discovery } = check;
    // Before the first observation nothing is known, and a table that says `fail` would be read as more.
    const unseen = cause?.code === "NOT_EVALUATED";
    return {
      dependency,
      level,
      status: unseen ? "unknown" : status,
      ...(cause === undefined ? {} : { cause: cause.code }),
      ...(cause === undefined || unseen ? {} : { rung: cause.rung }),
      ...(durationMs === undefined ? {} : { durationMs: Math.round(durationMs * 100) / 100 }),
      ...(discovery?.serving === undefined ? {} : { serving: discovery.serving.name }),
    };
  });
}

/** Equal for two looks that tell a reader the same, whatever their times. */
export const meaningOf = ({ evaluation, checks }: Seen): string =>
  JSON.stringify([
    evaluation.verdict,
    evaluation.reasons.map(({ code, dependency, cause }) => [code, dependency, cause?.code]),
    checks.map(({ dependency, status, cause, rung, serving }) => [dependency, status, cause, rung, serving]),
  ]);

/** Pure: a required dependency was seen to fail; that nothing is known of one is no proof. */
export const isProvenUnfit = ({ evaluation }: Seen): boolean =>
  evaluation.reasons.some(({ code, effect }) => code === "NOT_FIT" && effect === "blocks");
