import type { Evaluation, Reason } from "../../services/gate/verdict.ts";
import type { Seen } from "./watch.ts";

export interface UnseenOptions {
  readonly suite: string;
  readonly at: number;
  /** Why nothing can be told: one sentence. */
  readonly message: string;
  readonly code?: Reason["code"];
  readonly verdict?: "wait" | "inconclusive";
  /** What was known last, which is no longer known to hold. */
  readonly last?: Seen | undefined;
}

/** Pure: what is seen of a suite when nobody can be asked. Never fit: fail closed. */
export function unseen(options: UnseenOptions): Seen {
  const { suite, at, message, code = "UNKNOWN", verdict = "inconclusive", last } = options;
  const reason: Reason = { code, level: "required", effect: "blocks", curable: true, message };
  const evaluation: Evaluation = {
    suite,
    verdict,
    fit: false,
    stableForMs: 0,
    stableMs: last?.evaluation.stableMs ?? 0,
    reasons: [reason, ...(last?.evaluation.reasons ?? []).filter((each) => each.message !== message)],
  };
  return { at, evaluation, checks: last?.checks ?? [] };
}
