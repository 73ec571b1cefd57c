// @ts-check
import { number, record, records, string, strings, time } from "./untrusted.js";
import { span } from "./words.js";

/** @typedef {import("./types.ts").Tone} Tone */
/** @typedef {import("./types.ts").FindingRow} FindingRow */
/** @typedef {import("./types.ts").IncidentRow} IncidentRow */
/** @typedef {import("./types.ts").RunRow} RunRow */
/** @typedef {Readonly<Record<string, unknown>>} Body */

const MOST_ROWS = 50;
const MOST_INCIDENTS = 12;
const MOST_RUNS = 8;
const SEVERITIES = ["error", "warning", "note"];

/** @type {Readonly<Record<string, Tone>>} */
const SEVERITY_TONES = { error: "stop", warning: "wait", note: "quiet" };

/** What nobody has accepted first, by severity. @param {unknown} body @returns {readonly FindingRow[]} */
export const findingRows = (body) =>
  records(record(body).findings)
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .slice(0, MOST_ROWS)
    .map((finding) => {
      const severity = string(finding.severity);
      const waiver = record(finding.waiver);
      const isWaived = finding.waiver !== undefined;
      return {
        key: string(finding.id),
        tone: isWaived ? "quiet" : (SEVERITY_TONES[severity] ?? "unknown"),
        severity,
        code: string(finding.code),
        message: string(finding.message),
        place: placeText(record(finding.place)),
        owner: string(finding.owner),
        evidence: strings(finding.evidence),
        remedies: strings(finding.remedies),
        waiver: isWaived
          ? `Accepted by ${string(waiver.owner, "somebody")} until ${string(waiver.expires, "it expires")}: ${string(waiver.reason)}`
          : undefined,
      };
    });

/** @param {Body} finding */
const rankOf = ({ severity, waiver }) =>
  (waiver === undefined ? 0 : SEVERITIES.length) + SEVERITIES.indexOf(string(severity));

/** @param {Body} place */
function placeText({ kind, file, line, name }) {
  if (kind !== "file") return string(name);
  return number(line) === undefined ? string(file) : `${string(file)}:${number(line)}`;
}

/** The newest first. @param {import("./types.ts").Reading} reading @returns {readonly IncidentRow[]} */
export function incidentRows({ body, ageMs }) {
  const now = (time(record(body).time) ?? Number.NaN) + (ageMs ?? 0);
  return records(record(body).incidents)
    .toSorted((a, b) => (time(b.startedAt) ?? 0) - (time(a.startedAt) ?? 0))
    .slice(0, MOST_INCIDENTS)
    .map((incident) => {
      const { dependency, status, cause, startedAt, endedAt } = incident;
      const began = time(startedAt) ?? Number.NaN;
      const open = endedAt === undefined;
      const lasted = (open ? now : (time(endedAt) ?? Number.NaN)) - began;
      return {
        key: string(incident.id),
        tone: open ? (status === "warn" ? "wait" : "stop") : "quiet",
        dependency: string(dependency),
        code: string(record(cause).code),
        title: string(record(cause).title),
        began: momentText(began),
        lasted: Number.isNaN(lasted) ? "" : span(Math.max(0, lasted)),
        open,
      };
    });
}

/** @type {Readonly<Record<string, Tone>>} */
const OUTCOME_TONES = { succeeded: "go", failed: "stop" };

/** The newest first, as they come. @param {unknown} body @returns {readonly RunRow[]} */
export const runRows = (body) =>
  records(record(body).runs)
    .slice(0, MOST_RUNS)
    .map((run) => {
      const outcome = string(run.outcome, "under way, or stopped in the middle");
      return {
        key: string(run.runId),
        tone: OUTCOME_TONES[outcome] ?? "wait",
        outcome,
        id: string(run.runId),
        plan: string(run.plan),
        by: string(run.by),
        began: momentText(time(run.startedAt) ?? Number.NaN),
      };
    });

/** With the day only where it is another. @param {number} ms */
function momentText(ms) {
  if (Number.isNaN(ms)) return "";
  const date = new Date(ms);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString() : date.toLocaleString();
}
