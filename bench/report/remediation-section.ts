import type { Figures } from "../figures.ts";
import { fixed, whole } from "./numbers.ts";

/** What planning, journalling and explaining take. */
export function remediationText({ remediation }: Figures): string {
  if (remediation === undefined) return "";
  const { steps, planMs, appendMs, whyMs } = remediation;
  return `A plan of ${whole(steps)} steps with its digest, without network: ${fixed(planMs.median)} ms [${fixed(planMs.p25)} to ${fixed(planMs.p75)}]. One event in the journal, durable, on SQLite: ${fixed(appendMs.median)} ms [${fixed(appendMs.p25)} to ${fixed(appendMs.p75)}]. Why, for ten dependencies from facts that are known: ${fixed(whyMs.median)} ms [${fixed(whyMs.p25)} to ${fixed(whyMs.p75)}].`;
}
