import { causeEntries } from "../commands/explain.ts";
import type { CauseCode } from "../../services/causes.ts";
import { phrasesOf } from "../../services/triage/phrases.ts";
import type { CauseEntry } from "../views/cause-entry.ts";

const INTRODUCTION = `# Causes

<!-- Generated from services/causes.ts by \`npm run docs\`. -->

Every observation that does not pass has one cause, with a stable code from this table. A dependency is climbed rung
by rung (\`resolve\`, \`connect\`, \`secure\`, \`authenticate\`, \`authorize\`, \`query\`, \`assert\`); the first rung that
breaks is the cause, and the later ones are not evaluated. The same text comes from \`greenlight explain CODE\`.
Words in capitals, such as HOST, stand for what is filled in when a cause is met.

After \`greenlight run\` the words of each red test are compared with the table's: a test is the environment's fault only
when its words name a cause, and a failure of a dependency that they fit was observed while it ran.
`;

/** `docs/causes.md`: contents by rung, then one section for each code. */
export function generateCauses(): string {
  const entries = causeEntries();
  const contents = [...groupByRung(entries)].map(([rung, members]) => {
    const links = members.map(({ code, title }) => `- [${code}](#${code.toLowerCase()}): ${title}`);
    return `${heading(rung)}\n\n${links.join("\n")}\n`;
  });
  return [INTRODUCTION, "## Contents\n", ...contents, "## All causes\n", ...entries.map(section)].join("\n");
}

const groupByRung = (entries: readonly CauseEntry[]) => Map.groupBy(entries, ({ rung }) => rung);

const heading = (rung: CauseEntry["rung"]): string =>
  rung === null ? "**At any rung**" : `**At \`${rung}\`**`;

function section({ code, title, rung, status, retryable, owner, explanation, remedies }: CauseEntry): string {
  const facts = [
    `- Rung: ${rung === null ? "the one at which it was met" : `\`${rung}\``}`,
    `- Status: \`${status}\``,
    `- May it recover by itself? ${retryable ? "Yes; waiting is worthwhile." : "No; waiting will not help."}`,
    `- Who can mend it: ${owner}`,
  ];
  const steps = remedies.map((remedy, index) => `${index + 1}. ${escapeMarkdown(remedy)}`);
  const blocks = [
    `### ${code}`,
    `${title}. ${escapeMarkdown(explanation)}`,
    facts.join("\n"),
    "Next steps:",
    steps.join("\n"),
    ...wordsOf(code),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** What a red test prints when this was the reason. */
function wordsOf(code: string): string[] {
  const phrases = phrasesOf(code as CauseCode);
  if (phrases.length === 0) return [];
  const rows = phrases.map(({ words, of }) => `- ${quote(words)} (${escapeMarkdown(of)})`);
  return ["Words that tests print:", rows.join("\n")];
}

/** As the formatter has it: more backticks only around those of the words. */
const quote = (words: string): string => (words.includes("`") ? `\`\` ${words} \`\`` : `\`${words}\``);

/** What Markdown would read as markup. */
const escapeMarkdown = (text: string): string => text.replaceAll(/[*_<>`]/g, String.raw`\$&`);
