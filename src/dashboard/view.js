// @ts-check
import { readingOf } from "./board.js";
import { checksIn, suitesIn, wantedOf, whyPath } from "./schedule.js";
import { record, string } from "./untrusted.js";
import { contextView } from "./view-context.js";
import { dependencyRows } from "./view-dependencies.js";
import { headlineOf } from "./view-headline.js";
import { findingRows, incidentRows, runRows } from "./view-lists.js";
import { suiteCards } from "./view-suites.js";
import { whyCards } from "./view-why.js";
import { ago } from "./words.js";

/** @typedef {import("./types.ts").View} View */
/** @typedef {import("./types.ts").Reading} Reading */

/**
 * Pure: what the page shows of what is known at a moment.
 *
 * @param {{ readonly parts: import("./types.ts").Parts, readonly now: number, readonly runs: boolean }} known
 * @returns {View}
 */
export function viewOf({ parts, now, runs }) {
  const wanted = new Map(wantedOf(parts, { runs }).map(({ path, everyMs }) => [path, everyMs]));
  /** @param {string} path */
  const read = (path) => readingOf(parts.get(path), { now, everyMs: wanted.get(path) ?? 0 });
  const gates = read("/gate");
  const health = read("/health");
  const suites = suiteCards(suitesIn(parts), { parts, now, everyMs: wanted.get("/gate") ?? 0 });
  const environment = string(record(health.body).environment);
  const headline = headlineOf({ suites, isBelieved: gates.fresh && gates.status === 200 });
  const explained = [...suitesIn(parts), ...checksIn(health.body).map(({ name }) => name)]
    .map(whyPath)
    .filter((path, index, all) => wanted.has(path) && all.indexOf(path) === index)
    .map(read);
  const incidents = read("/incidents");
  const findings = read("/findings");
  const context = read("/context");
  const remedied = read("/remediation/runs");
  return {
    title: [headline.title, environment, "Greenlight"].filter((part) => part !== "").join(" · "),
    environment,
    headline,
    alarm: alarmOf([gates, health]),
    suites,
    dependencies: { ...noteOf([health]), rows: dependencyRows({ health, incidents }) },
    why: { ...noteOf(explained), rows: whyCards(explained.map(({ body }) => record(body))) },
    context: { ...noteOf([context]), ...contextView(context.body) },
    findings: { ...noteOf([findings]), ...incompleteOf(findings), rows: findingRows(findings.body) },
    incidents: { ...noteOf([incidents]), rows: incidentRows(incidents) },
    runs: {
      ...(wanted.has("/remediation/runs") ? noteOf([remedied]) : NOTHING_TO_SAY),
      rows: runRows(remedied.body),
    },
  };
}

const NOTHING_TO_SAY = { note: undefined, stale: false };

/** Why nothing that is shown is believed; without an age, since it is said aloud whenever it changes. @param {readonly Reading[]} core */
function alarmOf(core) {
  const doubtful = core.find(({ fresh }) => !fresh);
  if (doubtful === undefined) return undefined;
  const { trouble, ageMs } = doubtful;
  const reason = trouble === undefined ? "" : `${trouble.title}: ${trouble.detail}`;
  if (ageMs === undefined) return reason === "" ? undefined : reason;
  return `${reason === "" ? "No newer answer has come." : reason} What came before is not believed any more.`;
}

/** @param {readonly Reading[]} readings */
function noteOf(readings) {
  const doubtful = readings.find(({ fresh }) => !fresh);
  if (doubtful === undefined) return NOTHING_TO_SAY;
  const { trouble, ageMs } = doubtful;
  const reason = trouble === undefined ? [] : [`${trouble.title}.`];
  const age = ageMs === undefined ? [] : [`As it was ${ago(ageMs)}.`];
  return { note: [...reason, ...age].join(" ") || "Asking …", stale: true };
}

/** Nothing found is good news only where everything was looked at. @param {Reading} findings */
const incompleteOf = ({ fresh, body }) =>
  fresh && record(body).complete !== true
    ? { note: "Not everything has been looked at yet.", stale: false }
    : {};
