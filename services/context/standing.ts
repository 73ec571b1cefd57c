import type { Decision } from "./decide.ts";
import type { Evidence, JudgedEvidence, Standing } from "./evidence.ts";
import { STATEMENTS, type Tier } from "./kinds.ts";

/** How a piece of evidence stands to the decision. */
export function judge(evidence: Evidence, decision: Decision): JudgedEvidence {
  return { ...evidence, standing: standingOf(evidence, decision) };
}

function standingOf(evidence: Evidence, decision: Decision): Standing {
  const { says, production, weight } = evidence;
  if ((says === undefined && !production) || weight === 0) return "silent";
  if (decision.kind === undefined) return decision.tied.includes(evidence) ? "contradicts" : "neutral";
  if (evidence === decision.by) return "decides";
  if (says === decision.kind) return "agrees";
  return goesTogether(evidence, decision) ? "neutral" : "contradicts";
}

/** Whether both can be true. */
function goesTogether(evidence: Evidence, { kind, by }: Exclude<Decision, { kind: undefined }>): boolean {
  const { tier, says, mode } = evidence;
  if (tier === "file") return true;
  // A CI system may test any environment, and what is made in CI to be tested is called either.
  if (says === "ci" && (tier === "platform" || kind === "test")) return true;
  if (kind === "ci" && says === "test") return true;
  if (mode === true) return isStatement(by.tier) || (by.tier === "customary" && by.mode !== true);
  // What a stated production has beside it for tests is no threat to anybody; a hint of production beside another is.
  return says === undefined && kind === "production";
}

export const isStatement = (tier: Tier): boolean => STATEMENTS.some((each) => each === tier);
