import type { RunRecord } from "./run-record.ts";
import { createStyle, type Style } from "./style.ts";
import { type Cell, renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, formatMs, hang, toAscii, wrap } from "./text.ts";

/** The record of a wait as text: the verdict, the table, notes, the next steps. */
export function renderWait(record: RunRecord, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { notes, nextSteps, gate } = record;
  const sections = [
    headline(record, terminal, style),
    ...(gate.checks.length === 0 ? [] : [table(record, style)]),
    ...(notes.length === 0 ? [] : [notes.flatMap((note) => hang("note: ", note, terminal.width))]),
    ...(nextSteps.length === 0 ? [] : [steps(nextSteps, terminal, style)]),
  ];
  const text = `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

function headline({ summary, exitCode, gate }: RunRecord, { width }: Terminal, style: Style): string[] {
  const good = exitCode === 0 && gate.verdict !== "stop";
  return wrap(summary, width).map((line) => style.bold(style.status(good ? "pass" : "fail", line)));
}

function table({ gate, fingerprint }: RunRecord, style: Style): string[] {
  const heading = (text: string): Cell => ({ text, paint: style.dim });
  const head = [
    heading("dependency"),
    heading("status"),
    heading("rung"),
    heading("cause"),
    heading("time"),
    heading("where"),
  ];
  const rows = gate.checks.map(({ dependency, status, rung, cause, durationMs, level, serving }) => {
    const known = fingerprint.dependencies[dependency];
    const where = known?.host === undefined ? "" : placeOf(known.host, known.port);
    const notes = [
      ...(where === "" ? [] : [where]),
      ...(serving === undefined ? [] : [`served by ${serving}`]),
      ...(level === "optional" ? ["optional"] : []),
    ];
    return [
      { text: clean(dependency) },
      { text: status, paint: (text: string) => style.status(status, text) },
      { text: clean(rung ?? "") },
      { text: clean(cause ?? "") },
      { text: durationMs === undefined ? "" : formatMs(durationMs) },
      { text: clean(notes.join(", ")) },
    ];
  });
  return renderTable([head, ...rows]);
}

function placeOf(host: string, port: number | undefined): string {
  if (host.startsWith("/")) return host;
  return `${host.includes(":") ? `[${host}]` : host}${port === undefined ? "" : `:${port}`}`;
}

function steps(nextSteps: readonly string[], { width }: Terminal, style: Style): string[] {
  const digits = String(nextSteps.length).length;
  return [
    style.bold("Next steps"),
    ...nextSteps.flatMap((step, index) => hang(`  ${String(index + 1).padStart(digits)}. `, step, width)),
  ];
}
