// @ts-check
import { checksIn } from "./schedule.js";
import { number, record, records, string, time } from "./untrusted.js";
import { capital, latency, span } from "./words.js";

/** @typedef {import("./types.ts").DependencyRow} DependencyRow */
/** @typedef {import("./types.ts").Tone} Tone */
/** @typedef {Readonly<Record<string, unknown>>} Body */

/** @type {Readonly<Record<string, { tone: Tone, word: string }>>} */
const STATUSES = {
  pass: { tone: "go", word: "pass" },
  warn: { tone: "wait", word: "warn" },
  fail: { tone: "stop", word: "fail" },
};
const UNKNOWN = /** @type {const} */ ({ tone: "unknown", word: "unknown" });

/**
 * What does not pass first, otherwise in the order of the configuration.
 *
 * @param {{ readonly health: import("./types.ts").Reading, readonly incidents: import("./types.ts").Reading }} readings
 * @returns {readonly DependencyRow[]}
 */
export function dependencyRows({ health, incidents }) {
  const ranks = ["stop", "unknown", "wait", "go"];
  const body = record(health.body);
  // Health is 200 for pass and warn alone; a body that says otherwise than its status is not understood.
  const isSound = (body.status === "fail") === (health.status === 503);
  return checksIn(body)
    .map((check) => rowOf(check, { isBelieved: health.fresh && isSound && body.stale !== true, incidents }))
    .toSorted((a, b) => ranks.indexOf(a.tone) - ranks.indexOf(b.tone));
}

/**
 * @param {Body & { readonly name: string }} check
 * @param {{ readonly isBelieved: boolean, readonly incidents: import("./types.ts").Reading }} known
 * @returns {DependencyRow}
 */
function rowOf(check, { isBelieved, incidents }) {
  const { name } = check;
  const status = string(check.status);
  const known = Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
  const cause = record(check.cause);
  const measured = number(check.observedValue);
  return {
    name,
    ...(isBelieved && check.stale !== true && known !== undefined ? known : UNKNOWN),
    code: string(cause.code),
    title: string(cause.title),
    since: sinceOf(name, status, incidents),
    latency: measured === undefined || check.observedUnit !== "ms" ? "" : latency(measured),
    ...servingOf(check),
    breaker: breakerOf(record(check.breaker), incidents),
    version: string(check.version),
    optional: check.required === false,
  };
}

/** The service's own clock now, as it was told with the incidents. @param {import("./types.ts").Reading} incidents */
const serviceNow = ({ body, ageMs }) => (time(record(body).time) ?? Number.NaN) + (ageMs ?? 0);

/**
 * @param {string} name
 * @param {string} status
 * @param {import("./types.ts").Reading} incidents
 */
function sinceOf(name, status, incidents) {
  const its = records(record(incidents.body).incidents).filter(({ dependency }) => dependency === name);
  const last = its.toSorted((a, b) => (time(a.startedAt) ?? 0) - (time(b.startedAt) ?? 0)).at(-1);
  const isOpen = last !== undefined && last.endedAt === undefined;
  // Another status than the incident's: one of the two answers is the older one.
  if (isOpen === (status === "pass")) return "";
  const ms = serviceNow(incidents) - (time(isOpen ? last.startedAt : last?.endedAt) ?? Number.NaN);
  return Number.isNaN(ms) ? "" : span(Math.max(0, ms));
}

/** @param {Body} check @returns {Pick<DependencyRow, "serves" | "others">} */
function servingOf(check) {
  const candidates = records(check.candidates);
  const serving = candidates.find(({ serves }) => serves === true);
  if (candidates.length === 0) return { serves: "", others: [] };
  return {
    serves: serving === undefined ? "none" : `${string(serving.name)} (${string(serving.kind)})`,
    others: candidates
      .filter(
        (each) => each !== serving && each.status !== "pass" && record(each.cause).code !== "NOT_EVALUATED",
      )
      .map((each) => `${string(each.name)}: ${string(record(each.cause).code, string(each.status))}`),
  };
}

/** @param {Body} breaker @param {import("./types.ts").Reading} incidents */
function breakerOf(breaker, incidents) {
  const state = string(breaker.state);
  const inMs = (time(breaker.nextTryAt) ?? Number.NaN) - serviceNow(incidents);
  return state === "open" && inMs > 0 ? `Open, next try in ${span(inMs)}` : capital(state);
}
