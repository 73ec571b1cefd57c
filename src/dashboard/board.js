// @ts-check
import { lateAfter } from "./schedule.js";

/** @typedef {import("./types.ts").Part} Part */
/** @typedef {import("./types.ts").Parts} Parts */
/** @typedef {import("./types.ts").Answer} Answer */
/** @typedef {import("./types.ts").Reading} Reading */

/**
 * What is known with one more answer; the parts themselves stay as they are.
 *
 * @param {Parts} parts
 * @param {string} path
 * @param {{ readonly answer: Answer, readonly askedAt: number }} told
 * @returns {Parts}
 */
export function withAnswer(parts, path, { answer, askedAt }) {
  const before = parts.get(path);
  /** @type {Part} */
  const part = answer.ok
    ? { status: answer.status, body: answer.body, at: askedAt, trouble: undefined }
    : { status: before?.status ?? 0, body: before?.body, at: before?.at, trouble: answer.trouble };
  return new Map([...parts, [path, part]]);
}

/**
 * Without what is not asked for any more.
 *
 * @param {Parts} parts
 * @param {readonly { readonly path: string }[]} wanted
 * @returns {Parts}
 */
export function pruned(parts, wanted) {
  const paths = new Set(wanted.map(({ path }) => path));
  return [...parts.keys()].every((path) => paths.has(path))
    ? parts
    : new Map([...parts].filter(([path]) => paths.has(path)));
}

/**
 * What may be said of a part now. It is believed only while the last try was answered, and not for long: an old `go` is
 * no `go`.
 *
 * @param {Part | undefined} part
 * @param {{ readonly now: number, readonly everyMs: number }} time
 * @returns {Reading}
 */
export function readingOf(part, { now, everyMs }) {
  const ageMs = part?.at === undefined ? undefined : Math.max(0, now - part.at);
  const fresh = ageMs !== undefined && ageMs <= lateAfter(everyMs) && part?.trouble === undefined;
  return { fresh, body: part?.body, status: part?.status ?? 0, ageMs, trouble: part?.trouble };
}
