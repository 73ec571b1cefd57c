import type { Finding, Severity } from "../../services/findings/finding.ts";
import type { PlanLintReport } from "./plan-lint-report.ts";
import { plural } from "./run-words.ts";
import { createStyle, type Status, type Style } from "./style.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

const STATUS: Readonly<Record<Severity, Status>> = { error: "fail", warning: "warn", note: "unknown" };

/** Nobody does more before looking again. */
const MOST_STEPS = 8;

/** The verdict, each finding at its place with what was expected and found, and what to do. */
export function renderPlanLint(report: PlanLintReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { findings, nextSteps, plans } = report;
  const lines = [
    style.bold(verdict(report, style)),
    ...plans.flatMap(({ file, id, digest }) =>
      id === undefined ? [] : hang("  ", `${file}: plan ${id}, digest ${digest ?? "?"}`, terminal.width),
    ),
    ...findings.flatMap((finding) => findingLines(finding, style, terminal)),
    ...(nextSteps.length === 0 ? [] : ["", style.bold("Next")]),
    ...nextSteps
      .slice(0, MOST_STEPS)
      .flatMap(({ number, owner, text }) => hang(`  ${number}. `, `[${owner}] ${text}`, terminal.width)),
    ...(nextSteps.length > MOST_STEPS
      ? [`  and ${nextSteps.length - MOST_STEPS} more: greenlight explain CODE tells of each.`]
      : []),
  ];
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

function verdict({ counts, plans }: PlanLintReport, style: Style): string {
  const looked = plural(plans.length, "plan");
  const parts = (["error", "warning", "note"] as const).flatMap((severity) =>
    counts[severity] === 0 ? [] : [plural(counts[severity], severity)],
  );
  if (parts.length === 0) return style.status("pass", `Nothing found in ${looked}.`);
  return style.status(counts.error > 0 ? "fail" : "warn", `Found ${parts.join(", ")} in ${looked}.`);
}

/** `plan.yaml:12:5 error PLAN_NEEDS_UNKNOWN`, as terminals and editors open it. */
function findingLines(finding: Finding, style: Style, { width }: Terminal): string[] {
  const { code, severity, place, message } = finding;
  const where = place?.kind === "file" ? `${clean(place.file)}:${place.line ?? 1}:${place.column ?? 1}` : "-";
  const [, what = message, expected, found] = /^(.*?): expected (.*); found (.*)\.$/s.exec(message) ?? [];
  return [
    "",
    `${style.bold(where)} ${style.status(STATUS[severity], severity)} ${code}`,
    ...hang("  ", what, width),
    ...(expected === undefined ? [] : hang("    expected: ", expected, width)),
    ...(found === undefined ? [] : hang("    found: ", found, width)),
  ];
}
