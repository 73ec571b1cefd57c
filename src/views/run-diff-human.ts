import { defuseCommands } from "./ci-commands.ts";
import type { ComparedRun, RunDiff } from "./run-diff.ts";
import { isoTime, plural } from "./run-words.ts";
import { createStyle, type Style } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii, wrap } from "./text.ts";

/** The most tests that are shown of each list. */
const SHOWN = 20;

/** Two runs compared, as text: how much differs, what, and which tests. */
export function renderRunDiff(diff: RunDiff, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { before, after, tests } = diff;
  const sections = [
    [
      ...wrap(summary(diff), terminal.width).map((line) => style.bold(line)),
      ...describe("before", before, terminal),
      ...describe("after ", after, terminal),
    ],
    changes(diff, style),
    list("Red now, and not before", tests.onlyAfter, terminal, style),
    list("Red before, and not now", tests.onlyBefore, terminal, style),
    tests.both === 0 ? [] : [`${plural(tests.both, "test is", "tests are")} red in both.`],
    unknown(diff, terminal),
  ].filter((lines) => lines.length > 0);
  const text = `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return defuseCommands(terminal.unicode ? text : toAscii(text));
}

function summary({ same, changes, tests }: RunDiff): string {
  if (same) return "No difference: the same environment, the same end, the same red tests.";
  const moved = tests.onlyBefore.length + tests.onlyAfter.length;
  const parts = [
    changes.length === 0 ? "nothing else differs" : plural(changes.length, "fact differs", "facts differ"),
    moved === 0 ? "the same tests are red" : `${plural(moved, "test")} red in one of them alone`,
  ];
  return `Different: ${parts.join(", ")}.`;
}

const describe = (which: string, { path, startedAt, summary }: ComparedRun, { width }: Terminal): string[] =>
  hang(`  ${which}  `, `${path}, ${isoTime(startedAt)}: ${summary}`, width);

function changes({ changes }: RunDiff, style: Style): string[] {
  if (changes.length === 0) return [];
  const heading = (text: string) => ({ text, paint: style.dim });
  const rows = changes.map(({ what, before, after }) => [
    { text: clean(what) },
    { text: clean(before ?? "(none)") },
    { text: clean(after ?? "(none)") },
  ]);
  return renderTable([[heading("what"), heading("before"), heading("after")], ...rows]);
}

function list(title: string, tests: readonly string[], { width }: Terminal, style: Style): string[] {
  if (tests.length === 0) return [];
  const lines = tests.slice(0, SHOWN).flatMap((test) => hang("  - ", test, width));
  const left = tests.length - SHOWN;
  return [
    style.bold(`${title} (${tests.length})`),
    ...lines,
    ...(left > 0 ? [style.dim(`  … and ${left} more: --json has all.`)] : []),
  ];
}

/** A run without results of single tests proves nothing about them. */
function unknown({ before, after }: RunDiff, { width }: Terminal): string[] {
  return [before, after]
    .filter(({ testsKnown }) => !testsKnown)
    .flatMap(({ path }) => wrap(`${path} holds no results of single tests.`, width));
}
