import { relative, resolve } from "node:path";
import type { Severity } from "../../services/findings/finding.ts";
import type { FixReport, LintedFinding, LintReport } from "./lint-report.ts";
import { plural } from "./run-words.ts";
import { createStyle, type Status, type Style } from "./style.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

/** Nobody reads more, and a terminal that scrolls hides the first. */
const MOST_SHOWN = 200;

const STATUS: Readonly<Record<Severity, Status>> = { error: "fail", warning: "warn", note: "unknown" };

/** The verdict, each finding at its place as terminals and editors open it, and what to do. */
export function renderLint(report: LintReport, cwd: string, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { findings, fix, nextSteps } = report;
  const lines = [
    verdict(report, style),
    ...findings.slice(0, MOST_SHOWN).flatMap((finding, index) =>
      // One empty line between files.
      (index === 0 || fileOf(finding) !== fileOf(findings[index - 1]) ? [""] : []).concat(
        findingLines(finding, { report, cwd, style, terminal }),
      ),
    ),
    ...(findings.length > MOST_SHOWN
      ? ["", `  and ${findings.length - MOST_SHOWN} more: --json and --report sarif=PATH have all of them.`]
      : []),
    ...(fix === undefined ? [] : fixLines(fix, style, terminal)),
    ...(nextSteps.length === 0 ? [] : ["", style.bold("Next")]),
    ...nextSteps.flatMap((step, index) => hang(`  ${index + 1}. `, step, terminal.width)),
  ];
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

function verdict(report: LintReport, style: Style): string {
  const { counts, files, lines, ms, findings } = report;
  const looked = `${plural(files, "file")}, ${plural(lines, "line")}, ${(ms / 1000).toFixed(1)} s`;
  if (findings.length === 0) return style.bold(style.status("pass", `Nothing found. (${looked})`));
  const places = new Set(findings.map(fileOf)).size;
  const parts = (["error", "warning", "note"] as const).flatMap((severity) =>
    counts[severity] === 0 ? [] : [plural(counts[severity], severity)],
  );
  const status = counts.error > 0 ? "fail" : counts.warning > 0 ? "warn" : "pass";
  return `${style.bold(style.status(status, `Found ${parts.join(", ")} in ${plural(places, "place")}.`))} ${style.dim(`(${looked})`)}`;
}

const fileOf = (finding: LintedFinding | undefined): string | undefined =>
  finding?.place?.kind === "file" ? finding.place.file : undefined;

interface Shown {
  readonly report: LintReport;
  readonly cwd: string;
  readonly style: Style;
  readonly terminal: Terminal;
}

function findingLines(finding: LintedFinding, { report, cwd, style, terminal }: Shown): string[] {
  const { code, severity, message, evidence, fixable } = finding;
  const head = `${style.bold(place(finding, report.root, cwd))} ${style.status(STATUS[severity], severity)} ${code}`;
  return [
    `${head}${fixable ? ` ${style.dim("[--fix]")}` : ""}`,
    ...hang("  ", message, terminal.width),
    ...evidence.flatMap((fact) => hang("    ", fact, terminal.width).map(style.dim)),
  ];
}

/** `tests/test_a.py:12:5`, seen from where the command runs. */
function place({ place }: LintedFinding, root: string, cwd: string): string {
  if (place === undefined) return "-";
  if (place.kind !== "file") return clean(place.name);
  const { file, line, column } = place;
  const path = clean(relative(cwd, resolve(root, file)) || ".");
  return [path, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
}

function fixLines(fix: FixReport, style: Style, terminal: Terminal): string[] {
  const { outcome, files, fixed, deferred, refused, run } = fix;
  const what = `${plural(fixed, "finding")} in ${plural(files.length, "file")}`;
  const said = {
    written: style.status("pass", `Put right ${what}.${run === undefined ? "" : ` Run ${run}.`}`),
    shown: `Would put right ${what}. Nothing was written.`,
    declined: `Nothing was written; ${what} could be put right.`,
    nothing: "Nothing could be put right.",
  }[outcome];
  return [
    "",
    style.bold(said),
    ...(deferred === 0
      ? []
      : hang(
          "  ",
          `${plural(deferred, "finding")} touch the same places: run --fix once more.`,
          terminal.width,
        )),
    ...refused.flatMap(({ file, reason }) =>
      hang(`  ${style.mark("warn")} `, `${file} was not changed: ${reason}.`, terminal.width, 4),
    ),
  ];
}
