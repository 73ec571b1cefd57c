import type { Judged } from "../../services/triage/result.ts";
import type { RunRecord } from "./run-record.ts";
import { ATTRIBUTION_TITLES, fromTo, groupJudged, plural } from "./run-words.ts";
import type { Style } from "./style.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang } from "./text.ts";

/** The most red tests that are shown, over all attributions. */
const SHOWN = 20;
/** The longest words of a failure that are shown, in characters. */
const LONGEST = 240;

/** The red tests by attribution; next to each, why, and the incident it met. */
export function failureSections(record: RunRecord, terminal: Terminal, style: Style): string[][] {
  const judged = record.triage?.judged ?? [];
  let room = SHOWN;
  const sections = groupJudged(judged).map(({ attribution, tests }) => {
    const shown = tests.slice(0, room);
    room -= shown.length;
    const title = style.bold(`${ATTRIBUTION_TITLES[attribution]} (${tests.length})`);
    const lines = shown.flatMap((each) => failureLines(each, terminal, style));
    const left = tests.length - shown.length;
    return [title, ...lines].concat(left === 0 ? [] : [style.dim(`  … and ${left} more.`)]);
  });
  return judged.length <= SHOWN ? sections : [...sections, whereAllAre(record, terminal, style)];
}

function failureLines(judged: Judged, { width }: Terminal, style: Style): string[] {
  const { test, because, evidence } = judged;
  const mark = style.mark(judged.attribution === "environment" ? "warn" : "fail");
  const met = evidence.map((each) =>
    each.kind === "incident"
      ? `${each.incident.dependency}: ${each.incident.code} (${each.incident.title}), ${fromTo(each.incident)}`
      : `its words: ${each.code}: ${each.matched}`,
  );
  const words = test.failure?.message === undefined ? [] : [cut(clean(test.failure.message))];
  return [
    ...hang(`  ${mark} `, test.id, width, 4),
    ...hang("      ", because, width),
    ...met.flatMap((text) => hang("      ", text, width)),
    ...words.filter((text) => text !== "").flatMap((text) => hang("      ", text, width).map(style.dim)),
  ];
}

function whereAllAre({ triage, junit }: RunRecord, { width }: Terminal, style: Style): string[] {
  const count = plural(triage?.judged.length ?? 0, "red test");
  const files = junit.length === 0 ? "" : ` The tests' own reports: ${junit.slice(0, 3).join(", ")}.`;
  const text = `All ${count} with their attribution: --report json=PATH or junit=PATH.${files}`;
  return hang("", text, width).map(style.dim);
}

const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);
