import type { Finding, Place, Severity } from "../../services/findings/finding.ts";
import type { EnvLintReport } from "./env-lint-report.ts";
import { plural } from "./run-words.ts";
import { createStyle, type Status, type Style } from "./style.ts";
import { type Cell, renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

const STATUS: Readonly<Record<Severity, Status>> = { error: "fail", warning: "warn", note: "unknown" };

/** Nobody does more before looking again. */
const MOST_STEPS = 8;

/** The verdict, the findings at their places, what each means here, and what to do. */
export function renderEnvLint(report: EnvLintReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { findings, waived, notLookedAt, nextSteps } = report;
  const lines = [
    style.bold(verdict(report, style)),
    ...section(findings.length > 0 ? findingLines(findings, style, terminal) : []),
    ...section(
      waived.flatMap(({ finding, owner, expires }) =>
        hang("  waived  ", `${finding.id} (${owner}, until ${expires})`, terminal.width),
      ),
    ),
    ...section(
      notLookedAt.flatMap((what) => hang("  not looked for: ", what, terminal.width).map(style.dim)),
    ),
    ...(nextSteps.length === 0 ? [] : ["", style.bold("Next")]),
    ...nextSteps
      .slice(0, MOST_STEPS)
      .flatMap(({ number, owner, text }) => hang(`  ${number}. `, `[${owner}] ${text}`, terminal.width)),
    ...(nextSteps.length > MOST_STEPS
      ? [
          `  and ${nextSteps.length - MOST_STEPS} more: --json has all, greenlight explain CODE tells of each.`,
        ]
      : []),
  ];
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

const section = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ["", ...lines]);

function verdict({ counts, files }: EnvLintReport, style: Style): string {
  const looked = plural(files.length, "env file");
  const parts = (["error", "warning", "note"] as const).flatMap((severity) =>
    counts[severity] === 0 ? [] : [plural(counts[severity], severity)],
  );
  if (parts.length === 0) return style.status("pass", `Nothing found in ${looked}.`);
  const status = counts.error > 0 ? "fail" : counts.warning > 0 ? "warn" : "pass";
  const found = `Found ${parts.join(", ")}`;
  return style.status(
    status,
    files.length === 0 ? `${found}; no env file was read.` : `${found} in ${looked}.`,
  );
}

/** One row for each, its message below it. */
function findingLines(findings: readonly Finding[], style: Style, { width }: Terminal): string[] {
  const rows = renderTable(findings.map((finding) => rowOf(finding, style)));
  return findings.flatMap(({ message, evidence }, index) => [
    rows[index] ?? "",
    ...hang("      ", message, width),
    ...evidence.flatMap((fact) => hang("        ", fact, width).map(style.dim)),
  ]);
}

function rowOf({ code, severity, place, owner }: Finding, style: Style): Cell[] {
  return [
    { text: `  ${severity}`, paint: (text) => style.status(STATUS[severity], text) },
    { text: describePlace(place), paint: style.bold },
    { text: code },
    { text: owner },
  ];
}

/** `.env.staging:12:1`, as terminals and editors open it. */
function describePlace(place: Place | undefined): string {
  if (place === undefined) return "-";
  if (place.kind !== "file") return clean(place.name);
  const { file, line, column } = place;
  return [clean(file), line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(":");
}
