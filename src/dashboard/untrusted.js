// @ts-check

/** Answers come from a server that may be another, or of another version: everything in them is looked at before it is used. */

/** @param {unknown} value @returns {Readonly<Record<string, unknown>>} */
export const record = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? /** @type {Record<string, unknown>} */ (value)
    : {};

/** @param {unknown} value @returns {readonly unknown[]} */
export const list = (value) => (Array.isArray(value) ? value : []);

/** @param {unknown} value */
export const records = (value) => list(value).map(record);

/** @param {unknown} value @param {string} [otherwise] */
export const string = (value, otherwise = "") => (typeof value === "string" ? value : otherwise);

/** @param {unknown} value */
export const strings = (value) => list(value).filter((each) => typeof each === "string");

/** @param {unknown} value */
export const number = (value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined);

/** Milliseconds since 1970. @param {unknown} value */
export const time = (value) => number(Date.parse(string(value)));
