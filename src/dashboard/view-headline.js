// @ts-check
import { counted, listed } from "./words.js";

/** @typedef {import("./types.ts").SuiteCard} SuiteCard */
/** @typedef {import("./types.ts").Headline} Headline */

/**
 * The one line that is read first. It is `go` only where all that there is may start.
 *
 * @param {{ readonly suites: readonly SuiteCard[], readonly isBelieved: boolean }} known
 * @returns {Headline}
 */
export function headlineOf({ suites, isBelieved }) {
  if (!isBelieved) return CANNOT_TELL;
  if (suites.length === 0)
    return { tone: "unknown", title: "No suite", text: "The service has no suite to give a verdict on." };
  const barred = suites.filter(({ tone }) => tone !== "go");
  if (barred.length === 0) {
    const text = suites.length === 1 ? "The one suite may start." : `All ${suites.length} suites may start.`;
    return { tone: "go", title: "Fit to be tested", text };
  }
  const tones = barred.map(({ tone }) => tone);
  const tone = tones.includes("stop") ? "stop" : tones.includes("unknown") ? "unknown" : "wait";
  const few = barred.length < suites.length ? "Not fit for every suite" : "Not fit to be tested";
  return {
    tone,
    title: tone === "unknown" && tones.every((each) => each === "unknown") ? CANNOT_TELL.title : few,
    text: `${share(barred.length, suites.length)}: ${listed(barred.map(({ name }) => name))}.`,
  };
}

/** @param {number} barred @param {number} all */
const share = (barred, all) =>
  barred < all
    ? `${barred} of ${counted(all, "suite")} may not start`
    : `${counted(all, "suite")} may not start`;

const CANNOT_TELL = /** @type {const} */ ({
  tone: "unknown",
  title: "Cannot tell",
  text: "Nothing here may be taken for fit before the service answers.",
});
