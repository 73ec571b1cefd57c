import type { CauseEntry } from "./cause-entry.ts";
import { createStyle } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { hang, toAscii, wrap } from "./text.ts";

/** One cause in full. */
export function renderCause(entry: CauseEntry, terminal: Terminal): string {
  const { width } = terminal;
  const style = createStyle(terminal);
  const { code, title, rung, status, retryable, owner, explanation, remedies } = entry;
  const facts: [string, string][] = [
    ["rung", rung ?? "the one at which it was met"],
    ["status", status],
    ["recovers by itself", retryable ? "it may; waiting is worthwhile" : "no; waiting will not help"],
    ["who can mend it", owner],
  ];
  const lines = [
    style.bold(`${code}: ${title}`),
    "",
    ...wrap(explanation, width),
    "",
    ...renderTable(facts.map(([name, value]) => [{ text: `  ${name}`, paint: style.dim }, { text: value }])),
    "",
    style.bold("Next steps"),
    ...remedies.flatMap((remedy, index) => hang(`  ${index + 1}. `, remedy, width)),
  ];
  return finish(lines, terminal);
}

/** All causes, grouped by rung. */
export function renderCauses(entries: readonly CauseEntry[], terminal: Terminal): string {
  const style = createStyle(terminal);
  const groups = [...Map.groupBy(entries, ({ rung }) => rung ?? "at any rung")];
  const length = Math.max(...entries.map(({ code }) => code.length));
  const lines: string[] = [];
  for (const [rung, members] of groups) {
    const rows = members.flatMap(({ code, title }) =>
      hang(`  ${code.padEnd(length)}  `, title, terminal.width),
    );
    lines.push(style.bold(rung), ...rows, "");
  }
  return finish([...lines, "One in full: greenlight explain CODE"], terminal);
}

function finish(lines: readonly string[], { unicode }: Terminal): string {
  const text = `${lines.join("\n")}\n`;
  return unicode ? text : toAscii(text);
}
