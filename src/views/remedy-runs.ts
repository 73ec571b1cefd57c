import type { StepReport } from "../../services/remediation/engine.ts";
import type { JournalEvent, RunOutcome, RunSummary } from "../../services/remediation/journal.ts";
import { createStyle, type Status } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

export interface RunsReport {
  readonly schemaVersion: 1;
  readonly command: "runs";
  /** Newest first. */
  readonly runs: readonly RunSummary[];
}

export interface RunReport extends RunSummary {
  readonly schemaVersion: 1;
  readonly command: "runs";
  readonly title: string;
  readonly summary?: string;
  readonly steps: readonly StepReport[];
  readonly events: readonly JournalEvent[];
}

const OUTCOMES: Readonly<Record<RunOutcome, Status>> = {
  succeeded: "pass",
  "rolled-back": "warn",
  failed: "fail",
  pending: "warn",
};

const wordOf = (outcome: RunOutcome | undefined): string => outcome?.replaceAll("-", " ") ?? "not ended";
const timeOf = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");

/** `where`: what the next command has to be given to find the same store. */
export function renderRuns({ runs }: RunsReport, terminal: Terminal, where = ""): string {
  const style = createStyle(terminal);
  const first = runs.find(({ outcome, dryRun }) => outcome === undefined && !dryRun);
  if (runs.length === 0) return "Nothing was applied yet.\n";
  const rows = runs.map(({ runId, planId, environment, startedAt, by, outcome, dryRun }) => [
    { text: `  ${runId}` },
    {
      text: `${wordOf(outcome)}${dryRun ? " (dry run)" : ""}`,
      paint: (text: string) => style.status(outcome === undefined ? "unknown" : OUTCOMES[outcome], text),
    },
    { text: clean(planId) },
    { text: clean(environment) },
    { text: timeOf(startedAt) },
    { text: clean(by) },
  ]);
  const lines = [
    style.bold(`${runs.length} ${runs.length === 1 ? "run" : "runs"}, the newest first`),
    "",
    ...renderTable(rows),
    "",
    ...(first === undefined
      ? []
      : [
          style.bold("Next"),
          `  1. What has not ended is under way or was cut off. To finish it: greenlight resume ${first.runId}${where}`,
          `  2. To take it back: greenlight rollback ${first.runId}${where}`,
          "",
        ]),
  ];
  const text = lines.join("\n");
  return terminal.unicode ? text : toAscii(text);
}

export function renderRun(report: RunReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { runId, outcome, summary, environment, by, startedAt, dryRun, title, planId } = report;
  const status = outcome === undefined ? "unknown" : OUTCOMES[outcome];
  const word = `${wordOf(outcome).toUpperCase()}${dryRun ? " (dry run)" : ""}`;
  const lines = [
    `${style.bold(style.status(status, word))}  ${clean(summary ?? "the journal has no end of it")}`,
    "",
    `Run ${runId} by ${clean(by)} at ${timeOf(startedAt)}`,
    `Plan ${clean(planId)} for ${clean(environment)}: ${clean(title)}`,
    "",
    ...report.events.flatMap((event) => {
      const lead = `  ${timeOf(event.at)}  `;
      return hang(lead, tell(event), terminal.width);
    }),
    "",
  ];
  const text = lines.join("\n");
  return terminal.unicode ? text : toAscii(text);
}

/** One sentence of the journal. */
function tell(event: JournalEvent): string {
  switch (event.type) {
    case "run-started":
      return `${event.by} began it as ${event.mode}, digest ${event.digest.slice(0, 12)}`;
    case "run-resumed":
      return `${event.by} took it over to ${event.to === "finish" ? "finish it" : "take it back"}`;
    case "run-ended":
      return `${event.outcome.replaceAll("-", " ")}: ${event.summary}`;
    case "step-assessed":
      return `${event.step}: looked at; ${event.change === null ? "nothing to do" : `${event.change.symbol} ${event.change.target}`}`;
    case "step-applying":
      return `${event.step}: applying`;
    case "step-applied":
      return `${event.step}: applied: ${event.evidence}`;
    case "step-verified":
      return `${event.step}: verified: ${event.results.map((each) => `${each.kind}, ${"evidence" in each ? each.evidence : each.because}`).join("; ")}`;
    case "step-rolling-back":
      return `${event.step}: rolling back: ${event.because}`;
    default:
      return `${event.step}: ${event.result.kind.replaceAll("-", " ")}: ${event.result.kind === "done" ? event.result.evidence : event.result.because}`;
  }
}
