import type { CauseEntry } from "./cause-entry.ts";
import { entryLines, finish, groupLines } from "./explain-lines.ts";
import type { Terminal } from "./terminal.ts";

/** One cause in full. */
export function renderCause(entry: CauseEntry, terminal: Terminal): string {
  const { code, title, rung, status, retryable, owner, explanation, remedies } = entry;
  const facts: [string, string][] = [
    ["rung", rung ?? "the one at which it was met"],
    ["status", status],
    ["recovers by itself", retryable ? "it may; waiting is worthwhile" : "no; waiting will not help"],
    ["who can mend it", owner],
  ];
  return finish(
    entryLines({ headline: `${code}: ${title}`, explanation, facts, remedies }, terminal),
    terminal,
  );
}

/** All causes, grouped by rung. */
export const causeGroups = (entries: readonly CauseEntry[], terminal: Terminal): string[] =>
  groupLines([...Map.groupBy(entries, ({ rung }) => rung ?? "at any rung")], terminal);
