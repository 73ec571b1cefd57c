// @ts-check
import { listed } from "./words.js";

/** @typedef {import("./types.ts").View} View */

/**
 * What is said aloud when one view follows another: verdicts and states that changed, and nothing that stayed.
 *
 * @param {View | undefined} before
 * @param {View} view
 */
export function newsOf(before, view) {
  if (before === undefined) return `${view.headline.title}. ${view.headline.text}`;
  const suites = changed(before.suites, view.suites).map(({ name, word }) => `suite ${name}: ${word}`);
  const dependencies = changed(before.dependencies.rows, view.dependencies.rows).map(
    ({ name, word, title }) => `${name}: ${word}${title === "" ? "" : `, ${title}`}`,
  );
  const headline = before.headline.title === view.headline.title ? [] : [view.headline.title];
  return [...headline, ...(suites.length > 0 ? [listed(suites)] : []), ...dependencies].join(". ");
}

/**
 * @template {{ readonly name: string, readonly word: string }} Row
 * @param {readonly Row[]} before
 * @param {readonly Row[]} now
 */
const changed = (before, now) =>
  now.filter(({ name, word }) => before.some((each) => each.name === name && each.word !== word));
