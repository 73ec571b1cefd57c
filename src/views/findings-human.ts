import { entryLines, finish, groupLines } from "./explain-lines.ts";
import type { FindingEntry } from "./finding-entry.ts";
import type { Terminal } from "./terminal.ts";

const SEVERITIES: Readonly<Record<FindingEntry["severity"], string>> = {
  error: "error: in strict mode it stops a suite",
  warning: "warning",
  note: "note",
};

/** One code of a finding in full. */
export function renderFinding(entry: FindingEntry, terminal: Terminal): string {
  const { code, title, area, severity, atGate, waivable, owner, explanation, remedies } = entry;
  const facts: [string, string][] = [
    ["about", area],
    ["severity", atGate ? SEVERITIES[severity] : severity],
    ["who can mend it", owner],
    ...(atGate
      ? [["waiver", waivable ? "can accept it for 90 days at most" : "cannot accept it"] as [string, string]]
      : []),
  ];
  return finish(
    entryLines({ headline: `${code}: ${title}`, explanation, facts, remedies }, terminal),
    terminal,
  );
}

/** All codes of findings, grouped by what they are about. */
export const findingGroups = (entries: readonly FindingEntry[], terminal: Terminal): string[] =>
  groupLines([...Map.groupBy(entries, ({ area }) => `findings: ${area}`)], terminal);
