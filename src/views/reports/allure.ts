import type { Judged } from "../../../services/triage/result.ts";
import type { RunRecord } from "../run-record.ts";
import { ATTRIBUTION_TITLES, groupJudged } from "../run-words.ts";

/** More words than these would make an expression that takes long to match. */
const MOST_WORDS = 50;
const LONGEST_WORDS = 200;

/**
 * Allure's `categories.json`: one category for each attribution, by the words of the failures that have it. Words that
 * failures of several attributions have tell nothing and are left out.
 */
export function renderAllureCategories({ triage }: RunRecord): string {
  const groups = groupJudged(triage?.judged ?? []);
  const words = groups.map(({ tests }) => new Set(tests.flatMap(wordsOf)));
  const categories = groups.flatMap(({ attribution }, index) => {
    const others = words.filter((_each, other) => other !== index);
    const own = [...(words[index] ?? [])].filter((text) => !others.some((each) => each.has(text)));
    if (own.length === 0) return [];
    // As a whole: Allure's expressions match from the first character to the last. Java's and JavaScript's both read it.
    const messageRegex = `[\\s\\S]*(?:${own.slice(0, MOST_WORDS).map(escapeRegex).join("|")})[\\s\\S]*`;
    const name = ATTRIBUTION_TITLES[attribution];
    return [{ name, messageRegex, matchedStatuses: ["failed", "broken"] }];
  });
  return `${JSON.stringify(categories, null, 2)}\n`;
}

/** The first line of a failure. */
function wordsOf({ test: { failure } }: Judged): string[] {
  const line = (failure?.message || failure?.text || "").trim().split("\n")[0]?.trim() ?? "";
  return line === "" ? [] : [line.slice(0, LONGEST_WORDS)];
}

const escapeRegex = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
