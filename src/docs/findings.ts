import { findingEntries } from "../commands/finding-entries.ts";
import type { FindingEntry } from "../views/finding-entry.ts";
import { escapeMarkdown } from "./markdown.ts";

const INTRODUCTION = `# Findings

<!-- Generated from services/findings/ by \`npm run docs\`. -->

A finding is something that is wrong in configuration, context or code. Each has a stable code from this table, and an id
that is the same in every run: the code, \`:\` and what it is about. Words in capitals, such as SUBJECT, stand for what is
filled in when one is found. The same text comes from \`greenlight explain CODE\`.

What shows at the gate stops a suite in strict mode when it is an error; a waiver accepts it for a time. See
[policies, strict validation and waivers](guides/policy.md).
`;

/** `docs/findings.md`: contents by area, then one section for each code. */
export function generateFindings(): string {
  const entries = findingEntries();
  const contents = [...Map.groupBy(entries, ({ area }) => area)].map(([area, members]) => {
    const links = members.map(
      ({ code, title }) => `- [${code}](#${code.toLowerCase()}): ${escapeMarkdown(title)}`,
    );
    return `**${area}**\n\n${links.join("\n")}\n`;
  });
  return [INTRODUCTION, "## Contents\n", ...contents, "## All findings\n", ...entries.map(section)].join(
    "\n",
  );
}

function section(entry: FindingEntry): string {
  const { code, title, area, severity, atGate, waivable, owner, explanation, remedies } = entry;
  const facts = [
    `- About: ${area}`,
    `- Severity: \`${severity}\``,
    `- Who can mend it: ${owner}`,
    `- At the gate: ${atGate ? `yes; a waiver ${waivable ? "can accept it" : "cannot accept it"}` : "no; where the suite is linted"}`,
  ];
  const steps = remedies.map((remedy, index) => `${index + 1}. ${escapeMarkdown(remedy)}`);
  const blocks = [
    `### ${code}`,
    `${escapeMarkdown(sentence(title))} ${escapeMarkdown(explanation)}`,
    facts.join("\n"),
    "Next steps:",
    steps.join("\n"),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const sentence = (title: string): string => `${title.slice(0, 1).toUpperCase()}${title.slice(1)}.`;
