import type { CheckStatus } from "../../services/deployment/check.ts";
import type { Finding, Severity } from "../../services/findings/finding.ts";
import type { DeploymentReport } from "./deployment-report.ts";
import { type Status, type Style, createStyle } from "./style.ts";
import { plural } from "./run-words.ts";
import { type Cell, renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

const STYLES: Readonly<Record<CheckStatus, Status>> = {
  pass: "pass",
  warn: "warn",
  fail: "fail",
  pending: "warn",
  unknown: "unknown",
};

const SEVERITIES: Readonly<Record<Severity, Status>> = { error: "fail", warning: "warn", note: "unknown" };

/** Nobody does more before looking again. */
const MOST_STEPS = 8;

/** The verdict, what was checked, what is wrong where, and what to do. */
export function renderDeployment(report: DeploymentReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { status, checks, findings, nextSteps } = report;
  const steps = nextSteps.slice(0, MOST_STEPS);
  const lines = [
    style.bold(style.status(STYLES[status], verdict(report))),
    ...section(renderTable(checks.map((check) => rowOf(check, style)))),
    ...section(findings.flatMap((finding) => findingLines(finding, style, terminal))),
    ...(steps.length === 0 ? [] : ["", style.bold("Next")]),
    ...steps.flatMap((step, index) => hang(`  ${index + 1}. `, clean(step), terminal.width)),
  ];
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

const section = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ["", ...lines]);

function verdict({ subject, status, findings, checks }: DeploymentReport): string {
  if (subject.kind === "manifest") {
    const what = clean(subject.file);
    if (findings.length === 0) return `${what} holds: ${subject.services.map(clean).join(", ")}.`;
    return `${what} has ${plural(findings.length, "fault")}.`;
  }
  const { service, revision, region } = subject;
  const what = `${clean(service)} (${clean(region)}${revision === undefined ? "" : `, ${clean(revision)}`})`;
  const broken = checks.filter((check) => check.status === status).map(({ name }) => name);
  switch (status) {
    case "pass":
      return `${what} is deployed as it should be.`;
    case "warn":
      return `${what} is deployed, with a warning: ${broken.join(", ")}.`;
    case "pending":
      return `${what} is not deployed yet: ${broken.join(", ")}.`;
    case "unknown":
      return `${what} cannot be judged: ${broken.join(", ") || "Cloud Run does not say"}.`;
    default:
      return `${what} is not deployed as it should be: ${broken.join(", ")}.`;
  }
}

const rowOf = (
  { name, status, evidence }: DeploymentReport["checks"][number],
  style: Style,
): readonly Cell[] => [
  { text: `  ${status}`, paint: (text) => style.status(STYLES[status], text) },
  { text: name, paint: style.bold },
  { text: clean(evidence) },
];

function findingLines(finding: Finding, style: Style, { width }: Terminal): string[] {
  const { severity, code, message, place } = finding;
  const where =
    place?.kind === "file" ? [place.file, place.line].filter((part) => part !== undefined).join(":") : "";
  const head = [style.status(SEVERITIES[severity], severity), style.bold(clean(where)), code];
  return [`  ${head.filter((part) => part !== "").join("  ")}`, ...hang("      ", clean(message), width)];
}
