// @ts-check
import { readingOf } from "./board.js";
import { gatePath } from "./schedule.js";
import { number, record, records, string, strings, time } from "./untrusted.js";
import { ago, counted, span } from "./words.js";

/** @typedef {import("./types.ts").SuiteCard} SuiteCard */
/** @typedef {import("./types.ts").Reading} Reading */
/** @typedef {import("./types.ts").Tone} Tone */
/** @typedef {Readonly<Record<string, unknown>>} Body */

/** @type {Readonly<Record<string, { tone: Tone, word: string, meaning: string }>>} */
const VERDICTS = {
  go: { tone: "go", word: "Go", meaning: "It may start." },
  wait: { tone: "wait", word: "Wait", meaning: "Not fit now; it may recover by itself." },
  stop: { tone: "stop", word: "Stop", meaning: "It will not recover until somebody acts." },
  inconclusive: { tone: "unknown", word: "Inconclusive", meaning: "Nobody can tell whether it is fit." },
};

/**
 * @param {readonly string[]} names
 * @param {{ readonly parts: import("./types.ts").Parts, readonly now: number, readonly everyMs: number }} known
 * @returns {readonly SuiteCard[]}
 */
export const suiteCards = (names, { parts, now, everyMs }) =>
  names.map((name) => suiteCard(name, readingOf(parts.get(gatePath(name)), { now, everyMs })));

/** @param {string} name @param {Reading} reading @returns {SuiteCard} */
export function suiteCard(name, reading) {
  const body = record(reading.body);
  const verdict = string(body.verdict);
  const known = Object.hasOwn(VERDICTS, verdict) ? VERDICTS[verdict] : undefined;
  // A go that came with another status, or about something else, is none.
  const isSound = body.suite === name && (verdict === "go") === (reading.status === 200);
  if (!reading.fresh || known === undefined || !isSound) return unknownCard(name, reading, verdict);
  const blocking = records(body.reasons).filter(({ effect }) => effect === "blocks");
  return {
    name,
    ...known,
    meaning:
      verdict === "go" ? `${known.meaning} Fit for ${span(number(body.stableForMs) ?? 0)}.` : known.meaning,
    reasons: blocking.map(({ message }) => string(message)),
    notes: notesOf(body),
    next: verdict === "go" ? undefined : nextStep(blocking[0] ?? {}, body),
    settled: blocking.every(({ code }) => code === "SETTLING") ? settledOf(body, verdict) : undefined,
  };
}

/** @param {string} name @param {Reading} reading @param {string} verdict @returns {SuiteCard} */
function unknownCard(name, { ageMs, fresh, trouble }, verdict) {
  const was =
    verdict !== "" && ageMs !== undefined && !fresh ? `It was ${verdict} ${ago(ageMs)}.` : undefined;
  const reason =
    trouble?.title ??
    (ageMs === undefined
      ? "There is no answer yet"
      : fresh
        ? "The answer is not understood"
        : "The last answer is too old");
  return {
    name,
    tone: "unknown",
    word: "Unknown",
    meaning: "It must not be taken for fit.",
    reasons: [`${reason}.`],
    notes: was === undefined ? [] : [was],
    next: undefined,
    settled: undefined,
  };
}

/** @param {Body} body */
function notesOf(body) {
  const noted = records(body.reasons).filter(({ effect }) => effect === "notes");
  const waivers = records(body.waivers);
  return [
    ...noted.map(({ message }) => string(message)),
    ...(waivers.length > 0 ? [`${counted(waivers.length, "finding")} accepted by a waiver.`] : []),
  ];
}

/** How much of the window is proven, where the window is all that is missing. @param {Body} body @param {string} verdict */
function settledOf(body, verdict) {
  const stable = number(body.stableMs) ?? 0;
  const proven = number(body.stableForMs) ?? 0;
  return verdict !== "go" && body.fit === true && stable > 0 ? Math.min(1, proven / stable) : undefined;
}

/** What is to be done about the first reason. @param {Body} reason @param {Body} body */
function nextStep(reason, body) {
  const code = string(reason.code);
  const [remedy] = [...strings(record(reason.cause).remedies), ...strings(record(reason.finding).remedies)];
  if (remedy !== undefined) return remedy;
  if (code === "SETTLING")
    return `Nothing: it may start once all has been fit for ${span(number(body.stableMs) ?? 0)}.`;
  if (code === "HELD")
    return endOf(record(body.hold).until, `Ask ${string(record(body.hold).by, "an operator")}`);
  if (code === "LEASED")
    return endOf(
      record(body.lease).expiresAt,
      `Wait for ${string(record(body.lease).holder, "the other run")}`,
    );
  if (code === "SUSPECT") return "Nothing yet: a second look decides.";
  return reason.curable === true ? "Wait: it may recover by itself." : "Somebody has to act.";
}

/** @param {unknown} until @param {string} text */
function endOf(until, text) {
  const at = time(until);
  return at === undefined
    ? `${text}.`
    : `${text}; it ends by itself at ${new Date(at).toLocaleTimeString()}.`;
}
