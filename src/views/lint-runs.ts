import { plural } from "./run-words.ts";
import { createStyle } from "./style.ts";
import { renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

/** What `lint undo --json` prints. */
export interface UndoReport {
  readonly schemaVersion: 1;
  readonly command: "lint undo";
  /** All files are as before the run. */
  readonly ok: boolean;
  readonly run: string;
  readonly root: string;
  readonly files: readonly {
    readonly file: string;
    readonly action: "restored" | "removed" | "unchanged" | "refused";
    readonly reason?: string;
  }[];
}

/** What `lint runs --json` prints. */
export interface RunsReport {
  readonly schemaVersion: 1;
  readonly command: "lint runs";
  /** Where the journals are. */
  readonly folder: string;
  /** Newest first. */
  readonly runs: readonly {
    readonly run: string;
    readonly startedAt: string;
    readonly root: string;
    readonly files: number;
    /** Files that are as the run left them. */
    readonly changed: number;
    /** Files that are as before the run. */
    readonly restored: number;
    /** Files that somebody has changed since, or that are gone. */
    readonly changedSince: number;
  }[];
}

export function renderUndo({ ok, run, root, files }: UndoReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const count = (wanted: string) => files.filter(({ action }) => action === wanted).length;
  const removed = count("removed");
  const done = [
    ...(count("restored") > 0 || removed === 0 ? [`restored ${plural(count("restored"), "file")}`] : []),
    ...(removed > 0 ? [`removed ${plural(removed, "file")} that the run had made`] : []),
  ].join(", ");
  const said = done.charAt(0).toUpperCase() + done.slice(1);
  const refused = files.filter(({ action }) => action === "refused");
  const verdict = ok
    ? style.status(
        "pass",
        count("restored") + removed === 0 ? `Nothing to restore: all is as before ${run}.` : `${said}.`,
      )
    : style.status("fail", `${said}; left ${refused.length} alone.`);
  const lines = [
    style.bold(verdict),
    ...refused.flatMap(({ file, reason = "" }) =>
      hang(`  ${style.mark("fail")} `, `${file}: ${reason}.`, terminal.width, 4),
    ),
    ...(ok
      ? []
      : [
          "",
          style.bold("Next"),
          ...hang(
            "  1. ",
            `Look at these files in ${root}: git diff shows what was changed since.`,
            terminal.width,
          ),
        ]),
  ];
  return finish(lines, terminal);
}

export function renderRuns({ folder, runs }: RunsReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  if (runs.length === 0) return finish([`No runs in ${clean(folder)}.`], terminal);
  const rows = runs.map(({ run, root, files, changed, restored, changedSince }) => {
    const rest = [
      ...(restored > 0 ? [`${restored} as before`] : []),
      ...(changedSince > 0 ? [`${changedSince} changed since`] : []),
    ];
    return [
      { text: `  ${run}` },
      { text: plural(files, "file"), align: "right" as const },
      { text: [`${changed} as it left them`, ...rest].join(", ") },
      { text: clean(root) },
    ];
  });
  const lines = [
    style.bold(`${plural(runs.length, "run")} of --fix.`),
    "",
    ...renderTable(rows),
    "",
    style.bold("Next"),
    "  1. greenlight lint undo RUN restores the files of one.",
  ];
  return finish(lines, terminal);
}

function finish(lines: readonly string[], { unicode }: Terminal): string {
  const text = `${lines.join("\n")}\n`;
  return unicode ? text : toAscii(text);
}
