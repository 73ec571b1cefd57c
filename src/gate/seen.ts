import type { Seen } from "./watch.ts";

/** Equal for two looks that tell a reader the same, whatever their times. */
export const meaningOf = ({ evaluation, checks }: Seen): string =>
  JSON.stringify([
    evaluation.verdict,
    evaluation.reasons.map(({ code, dependency, cause, finding }) => [
      code,
      dependency,
      cause?.code,
      finding?.id,
    ]),
    checks.map(({ dependency, status, cause, rung, serving }) => [dependency, status, cause, rung, serving]),
  ]);

/** Pure: a required dependency was seen to fail; that nothing is known of one is no proof. */
export const isProvenUnfit = ({ evaluation }: Seen): boolean =>
  evaluation.reasons.some(({ code, effect }) => code === "NOT_FIT" && effect === "blocks");
