import type { Judged } from "../../../services/triage/result.ts";
import type { RunRecord } from "../run-record.ts";
import { groupJudged, incidentsOf, isGood, OUTCOME_WORDS, plural } from "../run-words.ts";

/** GitHub shows ten errors of a step; the first says how the run ended. */
const MOST_TESTS = 9;
const LONGEST = 2000;

/** Annotations as workflow commands, one a line; none for a run that is good. */
export function renderAnnotations(record: RunRecord): string {
  if (isGood(record)) return "";
  const judged = groupJudged(record.triage?.judged ?? []).flatMap(({ tests }) => tests);
  const shown = judged.slice(0, MOST_TESTS);
  const verdict = workflowCommand("error", {
    properties: { title: `Greenlight: ${OUTCOME_WORDS[record.outcome]}` },
    message: [record.summary, ...record.nextSteps.map((step, index) => `${index + 1}. ${step}`)].join("\n"),
  });
  const left = judged.length - shown.length;
  const rest =
    left === 0
      ? []
      : [
          workflowCommand("notice", {
            properties: { title: "Greenlight" },
            message: `${plural(left, "more red test")}: see the summary of this step.`,
          }),
        ];
  return [verdict, ...shown.map(annotate), ...rest].map((line) => `${line}\n`).join("");
}

function annotate(judged: Judged): string {
  const { test, attribution, because } = judged;
  const incidents = incidentsOf(judged);
  return workflowCommand("error", {
    properties: {
      ...(test.file === undefined ? {} : { file: test.file }),
      ...(test.file === undefined || test.line === undefined ? {} : { line: String(test.line) }),
      title: `${attribution}: ${test.id}`,
    },
    message: [
      because,
      ...(incidents.length === 0 ? [] : [`Incidents: ${incidents.join(", ")}`]),
      ...(test.failure === undefined ? [] : [test.failure.message]),
    ].join("\n"),
  });
}

export interface WorkflowCommand {
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** One workflow command, escaped as in GitHub's own toolkit: nothing in it can end it or begin another. */
export function workflowCommand(
  name: "error" | "warning" | "notice",
  { properties, message }: WorkflowCommand,
): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name} ${pairs.join(",")}::${escapeData(message)}`;
}

/** Control characters that are not escaped below; some of them end a line for some readers. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029]+/g;

const escapeData = (text: string): string =>
  text
    .slice(0, LONGEST)
    .toWellFormed()
    .replaceAll(CONTROL, " ")
    .replaceAll("%", "%25")
    .replaceAll("\r", "%0D")
    .replaceAll("\n", "%0A");

const escapeProperty = (text: string): string =>
  escapeData(text.slice(0, 200)).replaceAll(":", "%3A").replaceAll(",", "%2C");
