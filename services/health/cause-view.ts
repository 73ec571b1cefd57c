import { type Cause, causeOf, fillIn } from "../causes.ts";
import type { CauseView, Whereabouts } from "./check.ts";

/** Joins what was seen with what the table knows; `target` fills in the remedies. */
export function viewCause(cause: Cause, dependency: string, target?: Whereabouts): CauseView {
  const { title, explanation, retryable, owner, remedies } = causeOf(cause.code);
  const facts = {
    dependency,
    host: target?.host,
    port: target?.port,
    user: target?.user,
    database: target?.database,
  };
  return {
    code: cause.code,
    title,
    message: cause.message,
    explanation: fillIn(explanation, facts),
    rung: cause.rung,
    retryable,
    owner,
    ...(cause.evidence === undefined ? {} : { evidence: cause.evidence }),
    remedies: remedies.map((remedy) => fillIn(remedy, facts)),
  };
}
