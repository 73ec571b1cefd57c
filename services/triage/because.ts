import type { Incident } from "../history/incident.ts";
import type { Words } from "./recognise.ts";
import type { Attribution } from "./result.ts";

/** What a judgement rests on. */
export interface Grounds {
  readonly words: readonly Words[];
  /** A value was not the expected one. */
  readonly asserts: boolean;
  /** Failures of dependencies that the test may have met. */
  readonly incidents: readonly Incident[];
  /** For a part of the time it was not known how a dependency was. */
  readonly unknown: boolean;
  /** The test did run during one of them. */
  readonly certain: boolean;
  /** Those that the words fit. */
  readonly fitting: readonly Incident[];
  /** None of the words speaks of anything else. */
  readonly allFit: boolean;
  /** The words name the dependency, or the time is certain. */
  readonly proven: boolean;
}

/** One sentence on why. */
export function because(attribution: Attribution, grounds: Grounds): string {
  return SENTENCES[attribution](grounds);
}

const SENTENCES: Readonly<Record<Attribution, (grounds: Grounds) => string>> = {
  environment: ({ fitting, words }) =>
    `It failed while ${failing(fitting)}, and says so itself: ${said(words)}.`,
  mixed: ({ words, asserts, incidents, fitting, certain }) => {
    const start = `It failed ${certain ? "while" : "perhaps while"} ${failing(incidents)}`;
    if (asserts && words.length > 0)
      return `${start} and says ${said(words)}, but a value was not the expected one either.`;
    if (asserts) return `${start}, but speaks of a value that was not the expected one.`;
    if (words.length === 0) return `${start}, but does not speak of that.`;
    return fitting.length === 0
      ? `${start}, but says ${said(words)}, which does not fit.`
      : `${start}, but not all that it says fits: ${words.map(({ code }) => code).join(", ")}.`;
  },
  undetermined: ({ words, incidents, unknown }) => {
    if (incidents.length > 0) {
      return words.length === 0
        ? `It is not known whether it ran while ${failing(incidents)}, and it does not speak of that.`
        : `It says ${said(words)}, and it is not known whether it ran while ${failing(incidents)}.`;
    }
    if (words.length === 0) return "It was not known how the environment was while it ran.";
    return `It says ${said(words)}, but ${unknown ? "it was not known how the environment was" : "no failure of a dependency was observed"} while it ran.`;
  },
  test: ({ asserts }) =>
    asserts
      ? "A value was not the expected one, and no dependency was seen to fail while it ran."
      : "No dependency was seen to fail while it ran, and it speaks of none.",
};

const said = ([first]: readonly Words[]): string => `"${first?.matched ?? ""}"`;

/** `postgres failed (CONNECT_REFUSED)`; of more than two the number. */
function failing(incidents: readonly Incident[]): string {
  const named = incidents.slice(0, 2).map(({ dependency, cause }) => `${dependency} failed (${cause.code})`);
  const more = incidents.length - named.length;
  return `${named.join(" and ")}${more > 0 ? ` and ${more} more` : ""}`;
}
