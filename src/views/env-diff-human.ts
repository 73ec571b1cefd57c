import { DIALECT_NAMES } from "../../services/env-files/dialect.ts";
import { placeOfFault } from "../env-files/explain-steps.ts";
import type { ComparedSide, DiffRow, EnvDiffReport } from "./env-diff-report.ts";
import type { FileFault } from "./env-explain-report.ts";
import { type Style, createStyle } from "./style.ts";
import { type Cell, renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

type Compared = Extract<EnvDiffReport, { ok: true }>;

/** Whether the two differ, and in which keys. */
export function renderEnvDiff(report: EnvDiffReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const lines = report.ok
    ? compared(report, style, terminal)
    : incomparable(report.fileFaults, style, terminal);
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

function compared(report: Compared, style: Style, terminal: Terminal): string[] {
  const { equal, a, b, keys, same, notCompared, faults } = report;
  const names = `${sideName(a)} and ${sideName(b)}`;
  const count = keys.length === 1 ? "1 key" : `${keys.length} keys`;
  const verdict = equal ? `No difference between ${names}.` : `${names} differ in ${count}.`;
  const others = notCompared === 0 ? "" : `; ${notCompared} other variables of the process are not compared`;
  return [
    style.bold(style.status(equal ? "pass" : "warn", verdict)),
    "",
    ...renderTable(keys.map((row) => cells(row, style))),
    ...(keys.length === 0 ? [] : [""]),
    style.dim(`${same} with the same value${others}.`),
    ...faultLines(faults, style, terminal),
  ];
}

function incomparable(faults: readonly FileFault[], style: Style, terminal: Terminal): string[] {
  const files = [
    ...new Set(faults.filter(({ effect }) => effect === "file-refused").map(({ file }) => clean(file))),
  ];
  return [
    style.bold(style.status("fail", `Nothing can be compared: ${files.join(" and ")} cannot be read.`)),
    ...faultLines(faults, style, terminal),
  ];
}

const MOST_FAULTS = 20;

function faultLines(faults: readonly FileFault[], style: Style, { width }: Terminal): string[] {
  if (faults.length === 0) return [];
  const lines = faults
    .slice(0, MOST_FAULTS)
    .flatMap((fault) =>
      hang(
        `  ${style.mark(fault.effect === "file-refused" ? "fail" : "warn")} `,
        `${placeOfFault(fault)}: expected ${fault.expected}, found ${fault.found}`,
        width,
        4,
      ),
    );
  const more = faults.length > MOST_FAULTS ? [`  and ${faults.length - MOST_FAULTS} more: --json`] : [];
  return ["", style.bold("Faults"), ...lines, ...more];
}

const MARKS = { added: "+", removed: "-", changed: "~", "read-differently": "?" } as const;

function cells({ key, kind, a, b, aLine, bLine, dialects }: DiffRow, { status }: Style): Cell[] {
  const color = kind === "added" ? "pass" : kind === "removed" ? "fail" : "warn";
  const lines = [aLine, bLine].map((line) => (line === undefined ? "" : `line ${line}`));
  const values = {
    added: b ?? "no value",
    removed: a ?? "no value",
    changed: `${a ?? "no value"} → ${b ?? "no value"}`,
    "read-differently": `${a ?? "no value"}, and not the same to ${dialects?.map((dialect) => DIALECT_NAMES[dialect]).join(", ") ?? "others"}`,
  };
  return [
    { text: `  ${MARKS[kind]}`, paint: (text) => status(color, text) },
    { text: clean(key) },
    { text: lines.filter((line) => line !== "").join(" → ") },
    { text: values[kind] },
  ];
}

const sideName = (side: ComparedSide): string => (side.kind === "process" ? "the process" : clean(side.file));
