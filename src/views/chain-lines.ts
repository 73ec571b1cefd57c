import type { ChainView } from "./chain-view.ts";
import type { Style } from "./style.ts";
import type { Terminal } from "./terminal.ts";
import { hang } from "./text.ts";

const SURENESS = { certain: "certain", likely: "likely", none: "not known" } as const;

/** One chain: from the symptom down, each step with its evidence; what was ruled out, what is not known, what not to try. */
export function chainSection(chain: ChainView, { width }: Terminal, style: Style): string[] {
  const { root, links, confidence, ruledOut, missing, notHelpful } = chain;
  const steps = links.flatMap((each, index) => stepLines(each, index, { width, style }));
  return [
    style.bold(`Why: ${root.code} (${SURENESS[confidence]}), who can mend it: ${root.owner}`),
    ...steps,
    ...hang("  ", `${root.title}. ${root.explanation}`, width),
    ...section(
      "Ruled out",
      ruledOut.map(({ code, evidence }) => `${code}: ${evidence.source}: ${evidence.found}`),
      width,
    ),
    ...section(
      "Not known",
      missing.map(({ what, because }) => `${what}: ${because}`),
      width,
    ),
    ...section(
      "Does not help",
      notHelpful.map(({ remedy, because }) => `${remedy}: ${because}`),
      width,
    ),
  ];
}

const section = (heading: string, lines: readonly string[], width: number): string[] =>
  lines.length === 0 ? [] : [`  ${heading}`, ...lines.flatMap((line) => hang("    ", line, width, 6))];

function stepLines(
  { statement, evidence }: ChainView["links"][number],
  depth: number,
  { width, style }: { readonly width: number; readonly style: Style },
): string[] {
  const indent = "  ".repeat(depth + 1);
  const lead = hang(indent, `${depth === 0 ? "" : "because "}${statement}`, width);
  const shown = evidence.flatMap(({ source, found }) => hang(`${indent}    `, `${source}: ${found}`, width));
  return lead.concat(shown.map(style.dim));
}
