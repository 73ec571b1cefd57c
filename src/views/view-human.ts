import { chainSection } from "./chain-lines.ts";
import { findingLines, waiverLines } from "./finding-lines.ts";
import type { ChainView } from "./chain-view.ts";
import { ladderSection } from "./ladder-section.ts";
import type { DependencyReport, NextStep, Report } from "./report.ts";
import { createStyle, type Style } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, formatMs, hang, toAscii, wrap } from "./text.ts";

/** A report as text: the verdict, a table, the ladders of what does not pass, the next steps. */
export function renderHuman(report: Report, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { dependencies, nextSteps, command, reasons = [], waivers = [], chains = [] } = report;
  const broken = dependencies.filter(({ status }) => status !== "pass");
  const shown = command === "why" && report.suite === undefined ? dependencies : broken;
  const beneath = chains.filter((chain) => !isPlain(chain, report));
  const chained = beneath.map((chain) => chainSection(chain, terminal, style));
  // The deepest word is the one to look up.
  const code = beneath[0]?.root.code ?? broken[0]?.cause?.code;
  const sections = [
    headline(report, terminal, style),
    ...(command === "why" && (dependencies.length === 1 || report.suite !== undefined)
      ? []
      : [table(dependencies, style)]),
    findingLines(reasons, terminal.width, style),
    waiverLines(waivers, terminal.width, style),
    ...(report.suite === undefined ? [] : chained),
    ...shown.map((dependency) => ladderSection(dependency, terminal, style)),
    ...(report.suite === undefined ? chained : []),
    ...(nextSteps.length > 0 ? [steps(nextSteps, terminal, style)] : []),
    ...(code === undefined ? [] : [[style.dim(`More on a cause: greenlight explain ${code}`)]]),
  ].filter((lines) => lines.length > 0);
  const text = `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

/** The ladder of a dependency has said it all where its cause is the root. */
const isPlain = ({ root, confidence }: ChainView, { suite, dependencies }: Report): boolean =>
  suite === undefined &&
  confidence === "certain" &&
  dependencies.some(({ cause }) => cause?.code === root.code);

function headline(
  { summary, dependencies, exitCode, verdict = "go" }: Report,
  { width }: Terminal,
  style: Style,
): string[] {
  const good = exitCode === 0 && verdict === "go" && dependencies.every(({ status }) => status !== "fail");
  const status = good ? "pass" : "fail";
  return wrap(summary, width).map((line) => style.bold(style.status(status, line)));
}

function table(dependencies: readonly DependencyReport[], style: Style): string[] {
  const hasTimes = dependencies.some(({ durationMs }) => durationMs !== undefined);
  const heading = (text: string) => ({ text, paint: style.dim });
  const time = hasTimes ? [{ ...heading("time"), align: "right" as const }] : [];
  const head = [heading("dependency"), heading("status"), heading("rung"), ...time, heading("cause")];
  const rows = dependencies.map(({ dependency, status, reached, cause, durationMs, required }) => [
    { text: clean(dependency) },
    { text: status, paint: (text: string) => style.status(status, text) },
    { text: clean(reached ?? "") },
    ...(hasTimes
      ? [{ text: durationMs === undefined ? "" : formatMs(durationMs), align: "right" as const }]
      : []),
    { text: [clean(cause?.code ?? ""), ...(required === false ? ["(optional)"] : [])].join(" ").trim() },
  ]);
  return renderTable([head, ...rows]);
}

function steps(nextSteps: readonly NextStep[], { width }: Terminal, style: Style): string[] {
  const several = new Set(nextSteps.map(({ dependency }) => dependency)).size > 1;
  const digits = String(nextSteps.length).length;
  const lines = nextSteps.flatMap(({ number, dependency, text }) =>
    hang(`  ${String(number).padStart(digits)}. `, several ? `${dependency}: ${text}` : text, width),
  );
  return [style.bold("Next steps"), ...lines];
}
