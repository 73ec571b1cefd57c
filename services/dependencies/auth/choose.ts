import { type Cause, causeOf } from "../../causes.ts";
import type { Candidate, CandidateFinding, DiscoveryResult } from "../dependency.ts";

type Eligible = Pick<Candidate, "name" | "kind" | "barred">;

/** True when a candidate with this cause can serve: it is healthy, or has a warning. */
export const isHealthy = (cause: Cause | undefined): boolean =>
  cause === undefined || causeOf(cause.code).warns === true;

/**
 * Pure: the first healthy candidate that may serve does. `causes` are those found, in the candidates' order.
 *
 * The first of all, when it is real or an emulator, serves with its own warning or none; a mock serves with
 * `MOCK_SERVES`, another than the first with `FALLBACK_SERVES`. When nobody serves, the first one's cause is the cause.
 */
export function chooseCandidate(
  candidates: readonly Eligible[],
  causes: readonly (Cause | undefined)[],
): DiscoveryResult {
  const found = candidates.map((candidate, index) => judge(candidate, causes[index]));
  const serving = found.findIndex(isHealthy);
  const findings = candidates.map(({ name, kind }, index): CandidateFinding => {
    const cause = found[index];
    return { name, kind, serves: index === serving, ...(cause === undefined ? {} : { cause }) };
  });
  const chosen = candidates[serving];
  if (chosen === undefined) {
    const cause = causeOfNone(findings);
    return { candidates: findings, ...(cause === undefined ? {} : { cause }) };
  }
  const cause = warningOf(findings, serving);
  return {
    serving: { name: chosen.name, assurance: chosen.kind },
    candidates: findings,
    ...(cause === undefined ? {} : { cause }),
  };
}

/** A failure of its own says more than that it may not serve. */
function judge({ barred }: Eligible, cause: Cause | undefined): Cause | undefined {
  return barred !== undefined && isHealthy(cause) ? { ...barred, rung: "assert" } : cause;
}

function warningOf(findings: readonly CandidateFinding[], serving: number): Cause | undefined {
  const { name, kind, cause } = findings[serving] as CandidateFinding;
  if (kind !== "mock" && serving === 0) return cause;
  const own = cause === undefined ? "" : ` (${cause.code})`;
  const earlier = findings.slice(0, serving);
  const because = earlier.length === 0 ? "" : `; before it: ${listCodes(earlier)}`;
  return {
    code: kind === "mock" ? "MOCK_SERVES" : "FALLBACK_SERVES",
    rung: "assert",
    message: `${name}${own} serves${because}`,
  };
}

/** The first one's cause; with the others' codes where there are others. */
function causeOfNone(findings: readonly CandidateFinding[]): Cause | undefined {
  const [first] = findings;
  if (first?.cause === undefined || findings.length === 1) return first?.cause;
  const { name, cause } = first;
  return { ...cause, message: `no candidate serves: ${listCodes(findings)}; ${name}: ${cause.message}` };
}

const listCodes = (findings: readonly CandidateFinding[]): string =>
  findings.map(({ name, cause }) => `${name} ${cause?.code ?? ""}`).join(", ");
