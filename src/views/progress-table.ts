import type { SeenRequirement } from "../../services/gate/seen.ts";
import { formatDuration } from "../../services/duration.ts";
import type { Evaluation } from "../../services/gate/verdict.ts";
import type { Seen } from "../gate/watch.ts";
import { createStyle, type Style } from "./style.ts";
import { type Cell, renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean } from "./text.ts";

export interface ProgressTable {
  readonly suite: string;
  readonly vantage: string;
  readonly elapsedMs: number;
  readonly timeoutMs: number;
  /** Undefined before the first look. */
  readonly seen: Seen | undefined;
  /** For how long each has been as it is, in ms. */
  readonly sinceMs: ReadonlyMap<string, number>;
}

/** More would not fit on a screen, and what scrolled away cannot be redrawn. */
const MOST_ROWS = 15;

/** Pure: the lines of the table, none longer than the terminal is wide. */
export function renderProgress(input: ProgressTable, terminal: Terminal): string[] {
  const { suite, vantage, elapsedMs, timeoutMs, seen, sinceMs } = input;
  const plain = createStyle({ ...terminal, color: false });
  const style = createStyle(terminal);
  const headline = `${clean(suite)}: ${seen === undefined ? "looking" : standing(seen.evaluation)}  ${wholeSeconds(elapsedMs)} of ${formatDuration(timeoutMs)}, ${clean(vantage)}`;
  const checks = seen?.checks ?? [];
  const shown = checks.length > MOST_ROWS ? worstFirst(checks).slice(0, MOST_ROWS) : checks;
  const rows = shown.map((check) => rowOf(check, sinceMs.get(check.dependency), plain));
  const body = renderTable(rows.map(({ cells }) => cells)).map((line, index) =>
    paint(cut(line, terminal.width), rows[index]?.status ?? "unknown", style),
  );
  const left = checks.length - shown.length;
  const general = (seen?.evaluation.reasons ?? []).filter(
    ({ dependency, code }) => dependency === undefined && code !== "SETTLING",
  );
  return [
    style.bold(cut(headline, terminal.width)),
    ...body,
    ...(left > 0 ? [style.dim(`  and ${left} more`)] : []),
    ...general.map(({ message }) => cut(`  ${clean(message)}`, terminal.width)),
  ];
}

/** The verdict, and how far a window has come. */
export function standing({ verdict, fit, stableForMs, stableMs }: Evaluation): string {
  if (verdict === "wait" && fit && stableForMs < stableMs)
    return `fit for ${(stableForMs / 1000).toFixed(1)} s of ${formatDuration(stableMs)}`;
  return verdict;
}

/** `12 s`, `3 m 05 s`. */
export function wholeSeconds(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, "0")} s`;
}

interface Row {
  readonly status: SeenRequirement["status"];
  readonly cells: readonly Cell[];
}

function rowOf(check: SeenRequirement, sinceMs: number | undefined, { mark }: Style): Row {
  const { dependency, status, rung, cause, level, serving } = check;
  const notes = [
    ...(serving === undefined ? [] : [`served by ${clean(serving)}`]),
    ...(level === "optional" ? ["optional"] : []),
  ];
  const cells = [
    { text: `  ${mark(status)} ${clean(dependency)}` },
    { text: status === "unknown" && cause === "NOT_EVALUATED" ? "looking" : status },
    { text: rung ?? "" },
    { text: cause === undefined || cause === "NOT_EVALUATED" ? "" : clean(cause) },
    { text: sinceMs === undefined ? "" : wholeSeconds(sinceMs), align: "right" as const },
    { text: notes.join(", ") },
  ];
  return { status, cells };
}

const WORST: Readonly<Record<SeenRequirement["status"], number>> = { fail: 0, unknown: 1, warn: 2, pass: 3 };

const worstFirst = (checks: readonly SeenRequirement[]): readonly SeenRequirement[] =>
  checks.toSorted((a, b) => WORST[a.status] - WORST[b.status]);

const paint = (line: string, status: SeenRequirement["status"], style: Style): string =>
  style.status(status, line);

/** A line that wraps would be two, and one of them would stay on the screen. */
const cut = (line: string, width: number): string => (line.length < width ? line : line.slice(0, width - 1));
