import type { ScheduledStep, Schedule } from "../../services/remediation/plan-schedule.ts";
import { spanText } from "./span-text.ts";
import type { Style } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang } from "./text.ts";

const WIDEST = 48;
const NARROWEST = 12;

export interface ScheduleLinesInput {
  readonly schedule: Schedule;
  readonly deadlineMs?: number | undefined;
  readonly style: Style;
  readonly terminal: Terminal;
}

/** Each step as a bar from its earliest start, with its slack behind it, and the critical path. */
export function scheduleLines({ schedule, deadlineMs, style, terminal }: ScheduleLinesInput): string[] {
  const { steps, criticalMs, totalMs, criticalPath } = schedule;
  const longest = Math.max(0, ...steps.map(({ id }) => id.length));
  const room = Math.max(NARROWEST, Math.min(WIDEST, terminal.width - longest - 26));
  const scale = criticalMs === 0 ? 0 : room / criticalMs;
  const critical = new Set(criticalPath);
  const rows = steps.map((step) => [
    { text: `  ${step.phase}` },
    { text: clean(step.id), ...(critical.has(step.id) && { paint: style.bold }) },
    { text: spanText(step.earliestStartMs), align: "right" as const },
    { text: bar(step, { scale, room, unicode: terminal.unicode, critical: critical.has(step.id) }) },
    { text: step.slackMs === 0 ? "" : `${spanText(step.slackMs)} slack`, paint: style.dim },
  ]);
  const deadline = deadlineMs === undefined ? "" : `; the deadline is ${spanText(deadlineMs)}`;
  return [
    style.bold("Schedule"),
    ...hang(
      "  ",
      `${spanText(criticalMs)} side by side, ${spanText(totalMs)} one after the other${deadline}.`,
      terminal.width,
    ),
    ...hang("  ", `Critical path: ${criticalPath.map(clean).join(" → ")}`, terminal.width),
    "",
    ...renderTable(rows),
  ];
}

interface BarOptions {
  readonly scale: number;
  readonly room: number;
  readonly unicode: boolean;
  readonly critical: boolean;
}

function bar(
  { earliestStartMs, earliestEndMs, slackMs }: ScheduledStep,
  { scale, room, unicode, critical }: BarOptions,
): string {
  const start = Math.min(room - 1, Math.round(earliestStartMs * scale));
  const end = Math.max(start + 1, Math.round(earliestEndMs * scale));
  const last = Math.max(end, Math.round((earliestEndMs + slackMs) * scale));
  const [mark, late, rest] = unicode ? ["█", "▒", "·"] : ["#", "=", "."];
  return `${" ".repeat(start)}${(critical ? mark : late).repeat(end - start)}${rest.repeat(last - end)}`;
}
