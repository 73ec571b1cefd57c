import { clean, hang, toAscii } from "./text.ts";
import type { RemedyReport, RemedyStep } from "./remedy-report.ts";
import { describeCounts } from "./remedy-steps.ts";
import { createStyle, type Status, type Style } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

const HEADLINES: Readonly<Record<RemedyReport["outcome"], readonly [string, Status]>> = {
  shown: ["NOT CONFIRMED", "warn"],
  succeeded: ["DONE", "pass"],
  "rolled-back": ["ROLLED BACK", "warn"],
  failed: ["FAILED", "fail"],
  pending: ["NOT IN FORCE YET", "warn"],
  refused: ["REFUSED", "fail"],
  stopped: ["STOPPED", "fail"],
};

const WORDS = {
  done: ["pass", "done"],
  failed: ["fail", "failed"],
  "not-run": ["unknown", "not run"],
  "rolled-back": ["warn", "rolled back"],
  pending: ["warn", "pending"],
} as const satisfies Record<string, readonly [Status, string]>;

/** The verdict, the steps, what was found of each, and what to do next. */
export function renderRemedy(report: RemedyReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { outcome, code, summary, plan, steps, runId, nextSteps, counts } = report;
  const [word, status] = headlineOf(report);
  const lines = [
    ...hang(
      `${style.bold(style.status(status, word))}  `,
      `${code === undefined ? "" : `${code}: `}${summary.replace(/^dry run: /, "")}`,
      terminal.width,
      word.length + 2,
    ),
    "",
  ];
  if (plan !== undefined)
    lines.push(`Plan ${clean(plan.id)} for ${clean(plan.environment)}: ${clean(plan.title)}`, "");
  lines.push(...stepLines(steps, { terminal, style, back: report.command === "rollback" }));
  if (report.command === "apply" && (outcome === "shown" || report.dryRun))
    lines.push(`${describeCounts(counts)}.`, "");
  if (plan !== undefined && outcome === "shown") lines.push(`Digest ${plan.digest}`, "");
  if (runId !== undefined) lines.push(style.dim(`Run ${runId}`), "");
  if (nextSteps.length > 0)
    lines.push(
      style.bold("Next"),
      ...nextSteps.flatMap((step, index) => hang(`  ${index + 1}. `, step, terminal.width)),
      "",
    );
  const text = lines.join("\n");
  return terminal.unicode ? text : toAscii(text);
}

function headlineOf({ outcome, dryRun, command }: RemedyReport): readonly [string, Status] {
  if (dryRun && outcome === "succeeded") return ["DRY RUN", "pass"];
  // What was asked for is no misfortune.
  if (outcome === "rolled-back" && command === "rollback") return ["ROLLED BACK", "pass"];
  return HEADLINES[outcome];
}

interface StepLines {
  readonly terminal: Terminal;
  readonly style: Style;
  readonly back: boolean;
}

function stepLines(steps: readonly RemedyStep[], { terminal, style, back }: StepLines): string[] {
  const rows = steps.map((step) => {
    const [status, word] = wordOf(step, back);
    return [
      { text: `  ${back && step.symbol !== "!" ? "-" : step.symbol}` },
      { text: clean(step.id), paint: style.bold },
      { text: word, paint: (text: string) => style.status(status, text) },
      { text: clean(step.title) },
    ];
  });
  const lines = renderTable(rows).flatMap((row, index) => {
    const details = steps[index] === undefined ? [] : detailsOf(steps[index]);
    return [row].concat(details.flatMap((text) => hang("      ", text, terminal.width)));
  });
  return lines.length === 0 ? [] : lines.concat("");
}

function wordOf(
  { result, found, needsApproval, destructive, begun }: RemedyStep,
  back: boolean,
): readonly [Status, string] {
  if (result !== undefined) return WORDS[result.kind];
  if (begun) return ["fail", "unknown"];
  if (found?.kind === "satisfied") return ["pass", "nothing to do"];
  if (found?.kind === "refused" || found?.kind === "unknown") return ["fail", found.kind];
  if (back && found?.kind === "needed") return ["unknown", "to take back"];
  if (destructive) return ["warn", "destructive, needs approval"];
  return needsApproval ? ["warn", "needs approval"] : ["unknown", "to apply"];
}

function detailsOf({ target, found, result, verified = [], command }: RemedyStep): string[] {
  const said = result === undefined ? found?.because : sentenceOf(result);
  return [
    ...(target === undefined ? [] : [target]),
    ...(said === undefined ? [] : [said]),
    ...verified.map((each) => `verified: ${each}`),
    ...(result === undefined && found?.kind !== "satisfied" && command !== undefined
      ? [`as ${command}`]
      : []),
  ];
}

const sentenceOf = (result: NonNullable<RemedyStep["result"]>): string =>
  result.kind === "done" ? result.evidence : result.because;
