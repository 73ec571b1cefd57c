import type { Judged } from "../../../services/triage/result.ts";
import type { RunRecord } from "../run-record.ts";
import {
  ATTRIBUTION_TITLES,
  causesOf,
  fromTo,
  groupJudged,
  incidentsOf,
  isGood,
  isoTime,
  OUTCOME_WORDS,
  plural,
  waiverText,
} from "../run-words.ts";
import { code, prose, row, table } from "./markdown-text.ts";

export interface MarkdownOptions {
  /** The longest text that its place takes, in bytes. */
  readonly limit: number;
}

/** GitHub takes comments of 65,536 characters. */
export const COMMENT_LIMIT = 60_000;

/** How much is shown of each list, tried in this order until the text is short enough. */
const SHOWN = [20, 5, 1, 0];

/**
 * The record as Markdown: the verdict, the table of requirements, the red tests by attribution, incidents, next steps.
 * Its first line is a marker that is the same for each run of a suite, by which a comment is found and replaced.
 */
export function renderMarkdown(record: RunRecord, { limit }: MarkdownOptions): string {
  for (const shown of SHOWN) {
    const text = render(record, shown);
    if (Buffer.byteLength(text) <= limit) return text;
  }
  return `${marker(record)}\n${heading(record)}\n`;
}

/** Letters, digits and few signs alone: the name of a suite must not end the comment. */
const marker = ({ suite }: RunRecord): string =>
  `<!-- greenlight:${suite.replaceAll(/[^\w.]/g, "_").slice(0, 100)} -->`;

const heading = (record: RunRecord): string =>
  `### ${isGood(record) ? "✅" : "❌"} Greenlight: ${prose(record.summary)}`;

function render(record: RunRecord, shown: number): string {
  const sections = [
    [marker(record), heading(record)],
    [facts(record)],
    requirements(record, shown),
    ...failures(record, shown),
    incidents(record, shown),
    waivers(record, shown),
    steps(record, shown),
    notes(record, shown),
    environment(record, shown),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function facts({ suite, outcome, exitCode, gate, triage }: RunRecord): string {
  const parts = [
    `Suite ${code(suite, 100)}`,
    `outcome **${OUTCOME_WORDS[outcome]}**`,
    `verdict **${gate.verdict}**`,
    `exit code **${exitCode}**`,
  ];
  if (triage === undefined) return `${parts.join(", ")}.`;
  const { total, passed, failed, skipped } = triage.counts;
  return `${parts.join(", ")}. ${plural(total, "test")}: ${passed} passed, ${failed} failed, ${skipped} skipped.`;
}

function requirements({ gate }: RunRecord, shown: number): string[] {
  const rows = gate.checks
    .slice(0, shown)
    .map(({ dependency, status, level, cause, rung, serving }) =>
      row(
        code(dependency, 80),
        status,
        level,
        [
          cause === undefined ? "" : code(cause, 60),
          rung === undefined ? "" : `at ${prose(rung, 40)}`,
          serving === undefined ? "" : `served by ${code(serving, 60)}`,
        ]
          .filter((part) => part !== "")
          .join(" "),
      ),
    );
  return [
    ...table(["requirement", "status", "level", "cause"], rows),
    ...more(gate.checks.length - rows.length, "requirement"),
  ];
}

function failures({ triage }: RunRecord, shown: number): string[][] {
  return groupJudged(triage?.judged ?? []).map(({ attribution, tests }) => {
    const rows = tests.slice(0, shown).map(failureRow);
    const title = `#### ${ATTRIBUTION_TITLES[attribution]} (${tests.length})`;
    const heading = ["test", "because", "cause", "incident"];
    return [title, ""].concat(table(heading, rows), more(tests.length - rows.length, "test"));
  });
}

const failureRow = (judged: Judged): string =>
  row(code(judged.test.id), prose(judged.because), codes(causesOf(judged), 4), codes(incidentsOf(judged), 4));

/** The first few as code. */
const codes = (texts: readonly string[], count: number): string =>
  texts
    .slice(0, count)
    .map((text) => code(text, 60))
    .join(" ");

function incidents(record: RunRecord, shown: number): string[] {
  if (record.incidents.length === 0) return [];
  const rows = record.incidents
    .slice(0, shown)
    .map((incident) =>
      row(
        code(incident.id, 80),
        code(incident.dependency, 80),
        incident.status,
        `${code(incident.cause.code, 60)} ${prose(incident.cause.title)}`,
        fromTo(incident),
      ),
    );
  return [
    `#### Incidents (${record.incidents.length})`,
    "",
    ...table(["incident", "dependency", "status", "cause", "from – to"], rows),
    ...more(record.incidents.length - rows.length, "incident"),
  ];
}

function steps({ nextSteps }: RunRecord, shown: number): string[] {
  if (nextSteps.length === 0 || shown === 0) return [];
  const lines = nextSteps.slice(0, shown).map((step, index) => `${index + 1}. ${prose(step, 600)}`);
  return ["#### Next steps", "", ...lines, ...more(nextSteps.length - lines.length, "step")];
}

function waivers({ gate }: RunRecord, shown: number): string[] {
  const { waivers: all = [] } = gate.evaluation;
  if (all.length === 0 || shown === 0) return [];
  const lines = all.slice(0, shown).map((waiver) => `- ${prose(waiverText(waiver), 600)}`);
  return [
    `#### Waivers in force (${all.length})`,
    "",
    ...lines,
    ...more(all.length - lines.length, "waiver"),
  ];
}

function notes(record: RunRecord, shown: number): string[] {
  if (record.notes.length === 0 || shown === 0) return [];
  return ["#### Notes", "", ...record.notes.slice(0, shown).map((note) => `- ${prose(note, 600)}`)];
}

function environment({ fingerprint, startedAt }: RunRecord, shown: number): string[] {
  const { environment, release, revision, greenlight, dependencies } = fingerprint;
  const facts = [
    `environment ${code(environment, 80)}`,
    ...(release === undefined ? [] : [`release ${code(release, 200)}`]),
    ...(revision === undefined ? [] : [`revision ${code(revision, 200)}`]),
    `Greenlight ${code(greenlight, 40)}`,
    `started ${isoTime(startedAt)}`,
  ];
  const rows = Object.entries(dependencies)
    .slice(0, shown)
    .map(([name, { version, host, port, database, serving, assurance }]) =>
      row(
        code(name, 80),
        code(version ?? "", 80),
        code([host, port].filter((part) => part !== undefined).join(":"), 120),
        code(database ?? "", 80),
        [code(serving ?? "", 80), assurance ?? ""].join(" ").trim(),
      ),
    );
  return [
    "<details><summary>What was tested against</summary>",
    "",
    `${facts.join(", ")}.`,
    "",
    ...table(["dependency", "version", "at", "database", "served by"], rows),
    "",
    "</details>",
  ];
}

const more = (count: number, what: string): string[] =>
  count > 0 ? ["", `… and ${plural(count, `more ${what}`)}.`] : [];
