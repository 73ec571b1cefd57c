import type { Reason } from "../../services/gate/verdict.ts";
import { defuseCommands } from "./ci-commands.ts";
import { waiverLines } from "./finding-lines.ts";
import { failureSections } from "./run-failures.ts";
import type { RunRecord } from "./run-record.ts";
import { fromTo, isGood, plural } from "./run-words.ts";
import { createStyle, type Style } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, formatMs, hang, toAscii, wrap } from "./text.ts";

/** The most incidents, notes and steps that are shown of each. */
const SHOWN = 10;

/** A run as text: the verdict, the requirements, each red test with its attribution, the incidents, the next steps. */
export function renderRun(record: RunRecord, terminal: Terminal): string {
  const style = createStyle(terminal);
  const sections = [
    headline(record, terminal, style),
    requirements(record, terminal, style),
    ...failureSections(record, terminal, style),
    incidents(record, terminal, style),
    waiverLines(record.gate.evaluation.waivers ?? [], terminal.width, style),
    numbered("Next steps", record.nextSteps, terminal, style),
    notes(record, terminal, style),
  ].filter((lines) => lines.length > 0);
  const text = `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return defuseCommands(terminal.unicode ? text : toAscii(text));
}

function headline(record: RunRecord, { width }: Terminal, style: Style): string[] {
  const status = isGood(record) ? "pass" : "fail";
  const verdict = wrap(record.summary, width).map((line) => style.bold(style.status(status, line)));
  return [...verdict, ...hang("", facts(record), width).map(style.dim)];
}

function facts({ suite, vantage, gate, child, triage, fingerprint }: RunRecord): string {
  const { environment, release } = fingerprint;
  const looked =
    vantage.kind === "here"
      ? ""
      : `, seen by ${vantage.url}${vantage.kind === "service" ? "" : ", then from here"}`;
  const parts = [
    `Suite ${suite} in ${environment}${release === undefined ? "" : ` (${release})`}${looked}`,
    `waited ${formatMs(gate.waitedMs)}`,
    ...(child === undefined ? [] : [`ran ${formatMs(Math.max(0, child.endedAt - child.startedAt))}`]),
    ...(triage === undefined ? [] : [countsOf(triage.counts)]),
  ];
  return `${parts.join("; ")}.`;
}

const countsOf = ({ total, passed, failed, skipped }: NonNullable<RunRecord["triage"]>["counts"]): string =>
  `${plural(total, "test")}: ${passed} passed, ${failed} failed, ${skipped} skipped`;

function requirements({ gate, child }: RunRecord, terminal: Terminal, style: Style): string[] {
  const heading = (text: string) => ({ text, paint: style.dim });
  const head = [
    heading("requirement"),
    heading(child === undefined ? "status" : "at start"),
    { ...heading("time"), align: "right" as const },
    heading("cause"),
  ];
  const rows = gate.checks.map(({ dependency, status, level, cause, rung, serving, durationMs }) => [
    { text: clean(dependency) },
    { text: status, paint: (text: string) => style.status(status, text) },
    { text: durationMs === undefined ? "" : formatMs(durationMs), align: "right" as const },
    {
      text: [
        clean(cause ?? ""),
        rung === undefined ? "" : `at ${clean(rung)}`,
        serving === undefined ? "" : `served by ${clean(serving)}`,
        level === "optional" ? "(optional)" : "",
      ]
        .filter((part) => part !== "")
        .join(" "),
    },
  ]);
  const reasons = gate.evaluation.reasons
    .filter(({ effect, code }) => effect === "blocks" || code === "POLICY" || code === "FINDING")
    .slice(0, SHOWN)
    .flatMap((reason) => {
      const mark = style.mark(reason.effect === "blocks" ? "fail" : "warn");
      return hang(`  ${mark} `, reasonText(reason), terminal.width, 4);
    });
  return [...(rows.length === 0 ? [] : renderTable([head, ...rows])), ...reasons];
}

const reasonText = ({ message, cause }: Reason): string =>
  cause === undefined ? message : `${message} ${cause.message}`;

function incidents(record: RunRecord, { width }: Terminal, style: Style): string[] {
  if (record.incidents.length === 0) return [];
  const lines = record.incidents.slice(0, SHOWN).flatMap((incident) => {
    const { dependency, status, cause } = incident;
    const text = `${dependency}: ${cause.code} (${cause.title}), ${fromTo(incident)}`;
    return hang(`  ${style.mark(status)} `, text, width, 4);
  });
  const count = plural(record.incidents.length, "incident");
  return [style.bold(`${count} while it was watched`), ...lines, ...more(record.incidents.length, style)];
}

function numbered(title: string, texts: readonly string[], { width }: Terminal, style: Style): string[] {
  if (texts.length === 0) return [];
  const digits = String(Math.min(texts.length, SHOWN)).length;
  const lines = texts
    .slice(0, SHOWN)
    .flatMap((text, index) => hang(`  ${String(index + 1).padStart(digits)}. `, text, width));
  return [style.bold(title), ...lines, ...more(texts.length, style)];
}

function notes(record: RunRecord, { width }: Terminal, style: Style): string[] {
  if (record.notes.length === 0) return [];
  const lines = record.notes.slice(0, SHOWN).flatMap((note) => hang("  - ", note, width));
  return [style.bold("Notes"), ...lines, ...more(record.notes.length, style)];
}

const more = (count: number, style: Style): string[] =>
  count > SHOWN ? [style.dim(`  … and ${count - SHOWN} more.`)] : [];
