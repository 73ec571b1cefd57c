import type { InitReport } from "./init-report.ts";
import { type Style, createStyle } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

/** What was done, what was found, what is left to do. */
export function renderInit(report: InitReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { found, notes, files, nextSteps } = report;
  const lines = [
    style.bold(verdict(report, style)),
    "",
    style.bold("Found"),
    ...(found.length === 0 ? ["  nothing that Greenlight knows"] : renderTable(found.flatMap(foundRows))),
    ...notes.flatMap((note) => hang(`  ${style.mark("warn")} `, note, terminal.width, 4)),
    "",
    style.bold("Files"),
    ...renderTable(files.map(({ path, action }) => [{ text: `  ${path}` }, { text: EXPLAINED[action] }])),
    ...files.flatMap((file) => contentOf(file, style)),
    "",
    style.bold("Next"),
    ...nextSteps.flatMap((step, index) => hang(`  ${index + 1}. `, step, terminal.width)),
  ];
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

/** The text, where it is to be shown. */
function contentOf({ path, text }: File, style: Style): string[] {
  if (text === undefined) return [];
  return ["", style.bold(path), ...indented(text)];
}

const indented = (text: string): string[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd());

type File = InitReport["files"][number];

const EXPLAINED: Readonly<Record<File["action"], string>> = {
  written: "written",
  replaced: "replaced",
  unchanged: "unchanged: it is there already, the same",
  kept: "kept: another one is there; --force replaces it",
  "would be written": "would be written",
  "would be replaced": "would be replaced",
};

function verdict({ files, dryRun }: InitReport, style: Style): string {
  const changed = files.filter(({ action }) => action !== "kept" && action !== "unchanged");
  const names = changed.map(({ path }) => path).join(" and ");
  if (dryRun) return `Nothing was written (--dry-run). To be written: ${names || "nothing"}.`;
  return names === ""
    ? "Nothing was written: all files are there already."
    : style.status("pass", `Wrote ${names}.`);
}

function foundRows({ what, variable, where }: InitReport["found"][number]) {
  return where.map((place, index) => [
    { text: index === 0 ? `  ${what}` : "" },
    { text: index === 0 ? (variable ?? "") : "" },
    { text: clean(place) },
  ]);
}
