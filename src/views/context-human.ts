import type { JudgedEvidence } from "../../services/context/evidence.ts";
import type { ContextReport } from "./context-report.ts";
import { createStyle, type Status, type Style } from "./style.ts";
import { type Cell, renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

/** The verdict, who says what, what contradicts, what to do. */
export function renderContext(report: ContextReport, terminal: Terminal, verbose = false): string {
  const style = createStyle(terminal);
  const { evidence, findings, nextSteps } = report;
  const shown = verbose ? evidence : evidence.filter(isTelling);
  const hidden = evidence.length - shown.length;
  const lines = [
    style.bold(style.status(statusOf(report), headline(report))),
    ...hang("", reserve(report), terminal.width),
    "",
    style.bold("Evidence"),
    ...(shown.length === 0 ? ["  none"] : renderTable(shown.map((each) => row(each, style, verbose)))),
    ...(hidden === 0 ? [] : [style.dim(`  ${hidden} more that say nothing: --verbose shows them.`)]),
    ...(findings.length === 0 ? [] : ["", style.bold("Contradictions and gaps")]),
    ...findings.flatMap(({ severity, message, code, waivedUntil }) =>
      hang(
        `  ${style.mark(severity === "error" && waivedUntil === undefined ? "fail" : "warn")} `,
        `${message} ${code}${waivedUntil === undefined ? "" : `, waived until ${waivedUntil}`}`,
        terminal.width,
        4,
      ),
    ),
    ...(nextSteps.length === 0 ? [] : ["", style.bold("Next")]),
    ...nextSteps.flatMap((step, index) => hang(`  ${index + 1}. `, step, terminal.width)),
  ];
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

/** `STAGING CONTEXT DETECTED  indicators 7/9  decided by --env`. */
export function headline({
  environment,
  indicators,
  decidedBy,
}: Pick<ContextReport, "environment" | "indicators" | "decidedBy">): string {
  const { agree, total } = indicators;
  return `${environment.toUpperCase()} CONTEXT DETECTED  indicators ${agree}/${total}  decided by ${decidedBy ?? "nothing"}`;
}

/** How sure that is, and whether it may be written to. */
function reserve({ confidence, mayWrite, vetoes }: ContextReport): string {
  const sure = `Confidence ${Math.round(confidence * 100)} %.`;
  return mayWrite ? `${sure} It may be written to.` : `${sure} Nothing may be written: ${vetoes.join("; ")}.`;
}

const isTelling = ({ standing, trouble }: JudgedEvidence): boolean =>
  standing !== "silent" || trouble !== undefined;

const STATUS: Readonly<Record<JudgedEvidence["standing"], Status>> = {
  decides: "pass",
  agrees: "pass",
  contradicts: "fail",
  neutral: "unknown",
  silent: "unknown",
};

function statusOf({ environment, findings }: ContextReport): Status {
  if (findings.some(({ severity, waivedUntil }) => severity === "error" && waivedUntil === undefined))
    return environment === "unknown" ? "fail" : "warn";
  return "pass";
}

function row(evidence: JudgedEvidence, style: Style, verbose: boolean): Cell[] {
  const { standing, trouble, tier, source, says, production, detail, weight } = evidence;
  const status = trouble === undefined ? STATUS[standing] : "warn";
  const named = says ?? (production ? "several" : "-");
  return [
    { text: `  ${style.mark(status)} ${tier}` },
    { text: clean(source) },
    { text: named, paint: (text) => style.status(status, text) },
    ...(verbose ? [{ text: standing }, { text: String(weight), align: "right" as const }] : []),
    { text: clean(detail) },
  ];
}
