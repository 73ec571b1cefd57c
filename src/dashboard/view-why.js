// @ts-check
import { list, record, records, string, strings } from "./untrusted.js";
import { listed } from "./words.js";

/** @typedef {import("./types.ts").WhyCard} WhyCard */
/** @typedef {Readonly<Record<string, unknown>>} Body */

/**
 * One card for each root cause, however many suites it stands in the way of; the one to begin with first.
 *
 * @param {readonly Body[]} explanations answers of /why
 * @returns {readonly WhyCard[]}
 */
export function whyCards(explanations) {
  const chains = explanations.flatMap(({ chains: found }) => records(found));
  const groups = Map.groupBy(chains, keyOf);
  return [...groups].map(([key, group]) => cardOf(key, group));
}

/** The root, and what it is about: two servers may be down for the same reason. @param {Body} chain */
const keyOf = (chain) =>
  JSON.stringify([
    record(chain.root).code,
    list(chain.dependencies),
    record(list(chain.links).at(-1)).statement,
  ]);

/** @param {string} key @param {readonly Body[]} group @returns {WhyCard} */
function cardOf(key, group) {
  // A suite's has one link more.
  const longest = group.toSorted((a, b) => list(b.links).length - list(a.links).length)[0] ?? {};
  const root = record(longest.root);
  const suites = subjectsOf(group, "suite");
  const subjects = suites.length > 0 ? suites : subjectsOf(group, "dependency");
  const [subject = ""] = subjects;
  return {
    key,
    code: string(root.code),
    title: string(root.title),
    explanation: string(root.explanation),
    owner: string(root.owner),
    confidence: string(longest.confidence),
    about: suites.length > 0 ? `stands in the way of ${listed(suites)}` : `seen at ${listed(subjects)}`,
    links: records(longest.links).map((link) => ({
      statement: string(link.statement),
      evidence: records(link.evidence).map(evidenceText),
    })),
    remedies: strings(root.remedies),
    plan: list(root.actions).length > 0 ? `greenlight plan ${subject}` : undefined,
    ruledOut: records(longest.ruledOut).map(
      ({ code, evidence }) => `${string(code)}: ${evidenceText(record(evidence))}`,
    ),
    missing: records(longest.missing).map(({ what, because }) => `${string(what)}: ${string(because)}`),
    notHelpful: records(longest.notHelpful).map(
      ({ remedy, because }) => `${string(remedy)}: ${string(because)}`,
    ),
  };
}

/** @param {readonly Body[]} group @param {string} kind */
const subjectsOf = (group, kind) => [
  ...new Set(
    group.flatMap(({ subject }) => (record(subject).kind === kind ? [string(record(subject).name)] : [])),
  ),
];

/** @param {Body} evidence */
const evidenceText = ({ source, found }) => `${string(source)}: ${string(found)}`;
