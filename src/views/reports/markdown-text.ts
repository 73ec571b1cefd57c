import { clean } from "../text.ts";

/** Texts longer than this are cut, in characters. */
const LONGEST = 300;

/** What can mean something to Markdown, HTML or a filter behind them; a colon only inside of URLs and emoji. */
const SPECIAL =
  /[^\p{L}\p{N}\p{Zs}\p{Emoji_Presentation},./%;:?'()=\-\u2013\u2026\u2019\u201c\u201d\u2192\u00d7]|:(?! |$)|www\./gu;

/**
 * Text that stands for nothing but itself in a sentence or a cell of a table: what is special is written as a numeric
 * entity, which Markdown never reads as structure. Mentions and references to issues are parted by a space of no
 * width, since the filters that make links of them run after the entities are read.
 */
export const prose = (text: string, limit?: number): string =>
  encode(text, limit).replaceAll(/&#(?:64|35);/g, "$&&#8203;");

/** The same as code, which those filters leave alone. */
export const code = (text: string, limit?: number): string =>
  text === "" ? "" : `<code>${encode(text, limit)}</code>`;

const encode = (text: string, limit = LONGEST): string =>
  cut(clean(text.toWellFormed()), limit).replaceAll(SPECIAL, (special) =>
    special === "www." ? "www&#46;" : `&#${special.codePointAt(0) ?? 0xfffd};`,
  );

const cut = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
};

/** One line of a table; the cells are Markdown already. */
export const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** A table with this heading, or nothing without rows. */
export function table(heading: readonly string[], rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : [row(...heading), row(...heading.map(() => "---")), ...rows];
}
