// @ts-check
import { list, record, records, string } from "./untrusted.js";

/** @typedef {import("./types.ts").Parts} Parts */
/** @typedef {{ readonly path: string, readonly everyMs: number }} Wanted */

const CORE_MS = 5000;
const SLOW_MS = 15_000;
const CONTEXT_MS = 60_000;
/** A page that shows very many suites asks for each less often. */
const PER_SUITE_MS = 250;

/** What is older than so many times its interval is not believed any more. */
const LATE = 2.4;

/** @param {string} name */
export const gatePath = (name) => `/gate/${encodeURIComponent(name)}`;

/** @param {string} name */
export const whyPath = (name) => `/why/${encodeURIComponent(name)}`;

/** @param {Parts} parts @returns {readonly string[]} */
export const suitesIn = (parts) =>
  records(record(parts.get("/gate")?.body).suites)
    .map(({ name }) => string(name))
    .filter((name) => name !== "");

/** The checks of a health body, by name. @param {unknown} body @returns {readonly (Readonly<Record<string, unknown>> & { readonly name: string })[]} */
export const checksIn = (body) =>
  Object.values(record(record(body).checks)).flatMap((found) => {
    const check = record(list(found)[0]);
    return typeof check.componentId === "string" ? [{ ...check, name: check.componentId }] : [];
  });

/**
 * What is asked for, and how often, given what is known: the reasons only of what does not pass, and runs only where
 * somebody wants to see them or something is wrong, since the service opens its journal for them.
 *
 * @param {Parts} parts
 * @param {{ readonly runs: boolean }} asked
 * @returns {readonly Wanted[]}
 */
export function wantedOf(parts, { runs }) {
  const suites = suitesIn(parts);
  const core = Math.max(CORE_MS, suites.length * PER_SUITE_MS);
  const unfit = suites.filter((name) => isUnfit(parts, name));
  const explained = new Set(unfit.flatMap((name) => explainedBy(parts, name)));
  const alone = checksIn(parts.get("/health")?.body)
    .filter(({ name, status }) => status !== "pass" && !explained.has(name))
    .map(({ name }) => name);
  return [
    ...["/gate", "/health", ...suites.map(gatePath)].map(every(core)),
    ...unfit.map(whyPath).map(every(core)),
    // For one dependency the service may climb the ladder anew, which costs a login.
    ...alone.map(whyPath).map(every(SLOW_MS)),
    ...["/incidents", "/findings"].map(every(SLOW_MS)),
    every(CONTEXT_MS)("/context"),
    ...(runs || unfit.length > 0 ? [every(SLOW_MS)("/remediation/runs")] : []),
  ].filter(({ path }, index, all) => all.findIndex((each) => each.path === path) === index);
}

/** @param {number} everyMs @returns {(path: string) => Wanted} */
const every = (everyMs) => (path) => ({ path, everyMs });

/** @param {Parts} parts @param {string} suite */
function isUnfit(parts, suite) {
  const verdict = record(parts.get(gatePath(suite))?.body).verdict;
  return verdict !== undefined && verdict !== "go";
}

/** Dependencies whose reason is told with a suite's. @param {Parts} parts @param {string} suite */
const explainedBy = (parts, suite) =>
  records(record(parts.get(gatePath(suite))?.body).reasons).flatMap(({ dependency }) =>
    typeof dependency === "string" ? [dependency] : [],
  );

/** @param {number} everyMs */
export const lateAfter = (everyMs) => everyMs * LATE;

/**
 * What may be another after an event of the service.
 *
 * @param {string} type
 * @param {string} path
 */
export function concerns(type, path) {
  if (type === "run") return path === "/remediation/runs";
  if (type === "findings") return path === "/findings" || path.startsWith("/gate") || path.startsWith("/why");
  return path !== "/context" && path !== "/findings" && path !== "/remediation/runs";
}
