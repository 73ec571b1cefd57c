import { describePlace, finish } from "./drift-human.ts";
import type { ExplainReport, ExplainedKey } from "./drift-report.ts";
import { createStyle } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean } from "./text.ts";

/** Each key: whether it has changed, what it was and is, where it comes from, who uses it. */
export function renderDriftExplain({ keys, baseline }: ExplainReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const lines = keys.flatMap((key, index) => {
    const title = style.status(STATUS[key.status], `${clean(key.subject)} ${VERDICTS[key.status]}`);
    const rows = factsOf(key, baseline).map(([name, text]) => [{ text: `  ${name}` }, { text: clean(text) }]);
    return [...(index === 0 ? [] : [""]), style.bold(title), "", ...renderTable(rows)];
  });
  return finish(lines, terminal);
}

const STATUS = {
  same: "pass",
  changed: "fail",
  added: "fail",
  removed: "fail",
  renamed: "fail",
  ignored: "unknown",
  unknown: "warn",
} as const;

const VERDICTS: Readonly<Record<ExplainedKey["status"], string>> = {
  same: "is as in the baseline.",
  changed: "has changed since the baseline.",
  added: "is not in the baseline.",
  removed: "is in the baseline and not there any more.",
  renamed: "has another name or place than in the baseline.",
  ignored: "is not compared.",
  unknown: "cannot be compared: its source cannot be read.",
};

type Fact = readonly [string, string];

function factsOf(key: ExplainedKey, baseline: string): Fact[] {
  const { before, after, other, reason, place, fileWrittenAt, committed, accepted, usedBy } = key;
  const where = place === undefined ? undefined : describePlace(place);
  const written = fileWrittenAt === undefined ? "" : ` (file last written ${fileWrittenAt})`;
  return [
    ...fact("baseline", before),
    ...fact("now", after),
    ...fact("other name", other),
    ...fact("ignored", reason),
    ...fact("comes from", `${where ?? key.source}${written}`),
    ...fact(
      "in the baseline",
      before === undefined
        ? undefined
        : committed === undefined
          ? `not committed yet, or ${baseline} is not in a repository`
          : `since ${committed.at}, committed by ${committed.by}`,
    ),
    ...accepted.map(({ at, by, reason: why }): Fact => ["accepted", `${at} by ${by}: ${why}`]),
    ...(usedBy.length === 0
      ? fact("used by", "not known: nothing configured here names it")
      : usedBy.map((user): Fact => ["used by", user])),
  ];
}

const fact = (name: string, text: string | undefined): Fact[] => (text === undefined ? [] : [[name, text]]);
