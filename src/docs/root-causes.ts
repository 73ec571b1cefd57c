import { rootCauseEntries } from "../commands/root-cause-entries.ts";
import type { RootCauseEntry } from "../views/root-cause-entry.ts";
import { escapeMarkdown } from "./markdown.ts";

const INTRODUCTION = `# Root causes

<!-- Generated from services/why/ by \`npm run docs\`. -->

A root cause is what has to be put right so that a dependency or a suite becomes fit. \`greenlight why\` chains from the
symptom down to one of these in five steps at most, each with its evidence; a [cause](causes.md) or a
[finding](findings.md) beneath which nothing lies is its own root and keeps its code. Words in capitals, such as SERVICE,
stand for what is filled in when one is met. The same text comes from \`greenlight explain CODE\`. See
[why, and what puts it right](guides/why.md).
`;

/** `docs/root-causes.md`: contents, then one section for each code. */
export function generateRootCauses(): string {
  const entries = rootCauseEntries();
  const links = entries.map(
    ({ code, title }) => `- [${code}](#${code.toLowerCase()}): ${escapeMarkdown(title)}`,
  );
  return [
    INTRODUCTION,
    "## Contents\n",
    `${links.join("\n")}\n`,
    "## All root causes\n",
    ...entries.map(section),
  ].join("\n");
}

function section({ code, title, owner, explanation, remedies, actions }: RootCauseEntry): string {
  const may = actions.map((kind) => `\`${kind}\``).join(", ");
  const facts = [`- Who can mend it: ${owner}`, `- A plan may: ${may === "" ? "do nothing about it" : may}`];
  const steps = remedies.map((remedy, index) => `${index + 1}. ${escapeMarkdown(remedy)}`);
  const blocks = [
    `### ${code}`,
    `${escapeMarkdown(title)}. ${escapeMarkdown(explanation)}`,
    facts.join("\n"),
    "Next steps:",
    steps.join("\n"),
  ];
  return `${blocks.join("\n\n")}\n`;
}
