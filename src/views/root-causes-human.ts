import { entryLines, finish, groupLines } from "./explain-lines.ts";
import type { RootCauseEntry } from "./root-cause-entry.ts";
import type { Terminal } from "./terminal.ts";

/** One code of a root cause in full. */
export function renderRootCause(entry: RootCauseEntry, terminal: Terminal): string {
  const { code, title, owner, explanation, remedies, actions } = entry;
  const facts: [string, string][] = [
    ["who can mend it", owner],
    ["a plan may", actions.length === 0 ? "do nothing about it" : actions.join(", ")],
  ];
  return finish(
    entryLines({ headline: `${code}: ${title}`, explanation, facts, remedies }, terminal),
    terminal,
  );
}

/** All codes of root causes. */
export const rootCauseGroups = (entries: readonly RootCauseEntry[], terminal: Terminal): string[] =>
  groupLines([["root causes", entries]], terminal);
