import type { CandidateView } from "./explanation.ts";
import type { Style } from "./style.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang } from "./text.ts";

/** Which of several servers serves, and why each of the others does not, in order of priority. */
export function candidateLines(
  candidates: readonly CandidateView[],
  { width }: Terminal,
  style: Style,
): string[] {
  if (candidates.length === 0) return [];
  const widths = {
    name: Math.max(...candidates.map(({ name }) => clean(name).length)),
    kind: Math.max(...candidates.map(({ kind }) => clean(kind).length)),
  };
  const lines = candidates.flatMap((candidate) => {
    const { name, kind, status } = candidate;
    const lead = `${clean(name).padEnd(widths.name)}  ${clean(kind).padEnd(widths.kind)}  `;
    return hang(`    ${style.mark(status)} ${lead}`, describe(candidate), width, lead.length + 6);
  });
  return ["  Candidates, in order of priority", ...lines];
}

function describe({ serves, cause, rungs }: CandidateView): string {
  const says = cause === undefined ? [] : [`${cause.code} at ${cause.rung}: ${cause.message}`];
  if (serves) return ["serves", ...says].join("; ");
  if (cause !== undefined) return says.join("");
  return rungs.length === 0 ? "healthy, not needed" : `healthy, not needed; all ${rungs.length} rungs hold`;
}
