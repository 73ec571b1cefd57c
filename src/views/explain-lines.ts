import { createStyle } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { hang, toAscii, wrap } from "./text.ts";

export interface ExplainedEntry {
  readonly headline: string;
  readonly explanation: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly remedies: readonly string[];
}

/** One code in full: what it means, its facts, its next steps. */
export function entryLines(
  { headline, explanation, facts, remedies }: ExplainedEntry,
  terminal: Terminal,
): string[] {
  const { width } = terminal;
  const style = createStyle(terminal);
  return [
    style.bold(headline),
    "",
    ...wrap(explanation, width),
    "",
    ...renderTable(facts.map(([name, value]) => [{ text: `  ${name}`, paint: style.dim }, { text: value }])),
    "",
    style.bold("Next steps"),
    ...remedies.flatMap((remedy, index) => hang(`  ${index + 1}. `, remedy, width)),
  ];
}

interface Named {
  readonly code: string;
  readonly title: string;
}

/** Codes and titles below their headings. */
export function groupLines(
  groups: readonly (readonly [string, readonly Named[]])[],
  terminal: Terminal,
): string[] {
  const style = createStyle(terminal);
  const length = Math.max(0, ...groups.flatMap(([, members]) => members.map(({ code }) => code.length)));
  return groups.flatMap(([heading, members]) => [
    style.bold(heading),
    ...members.flatMap(({ code, title }) => hang(`  ${code.padEnd(length)}  `, title, terminal.width)),
    "",
  ]);
}

export function finish(lines: readonly string[], { unicode }: Terminal): string {
  const text = `${lines.join("\n")}\n`;
  return unicode ? text : toAscii(text);
}
