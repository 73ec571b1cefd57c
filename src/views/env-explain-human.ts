import { DIALECT_NAMES } from "../../services/env-files/dialect.ts";
import type { ShownReading, ShownSetting } from "../../services/env-files/explain.ts";
import { placeOf, placeOfFault } from "../env-files/explain-steps.ts";
import type { EnvExplainReport, LayerRow } from "./env-explain-report.ts";
import { createStyle } from "./style.ts";
import { type Cell, renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

/** Which layer wins, what it shadows, how the dialects read it. */
export function renderEnvExplain(report: EnvExplainReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { winner, shadowed, ignored, dialects, meaning, layers, faults, nextSteps } = report;
  const title = (text: string) => ["", style.bold(text)];
  const settings = [
    ...(winner ? [settingRow("wins", winner)] : []),
    ...shadowed.map((setting) => settingRow("shadowed", setting)),
    ...ignored.map((setting) => settingRow("ignored", setting)),
  ];
  const lines = [
    style.bold(style.status(winner ? "pass" : "warn", verdict(report))),
    ...(settings.length === 0 ? [] : ["", ...renderTable(settings)]),
    ...(dialects?.differ === true
      ? [
          ...title(`Programs read it differently in ${clean(dialects.file)}`),
          ...renderTable(dialects.readings.map(readingRow)),
        ]
      : []),
    ...(meaning ? [...title("What Greenlight reads it for"), ...meaningLines(meaning, terminal)] : []),
    ...title("Layers, the highest first"),
    ...renderTable([[{ text: "  variables of the process" }], ...layers.toReversed().map(layerRow)]),
    ...(faults.length === 0 ? [] : title("Faults")),
    ...faults
      .slice(0, MOST_FAULTS)
      .flatMap((fault) =>
        hang(
          `  ${style.mark(fault.effect === "file-refused" ? "fail" : "warn")} `,
          `${placeOfFault(fault)}: expected ${fault.expected}, found ${fault.found} (${EFFECTS[fault.effect]})`,
          terminal.width,
          4,
        ),
      ),
    ...(faults.length > MOST_FAULTS ? [`  and ${faults.length - MOST_FAULTS} more: --json`] : []),
    ...(nextSteps.length === 0 ? [] : title("Next")),
    ...nextSteps.flatMap((step, index) => hang(`  ${index + 1}. `, step, terminal.width)),
  ];
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

const MOST_FAULTS = 20;

const EFFECTS = {
  "line-ignored": "the line is passed over",
  "read-differently": "it is read otherwise than it looks",
  "file-refused": "nothing of the file counts",
} as const;

function verdict({ key, winner, shadowed }: EnvExplainReport): string {
  if (!winner) return `${clean(key)} is not set.`;
  const others = shadowed.filter(({ same }) => same === false).length;
  const from =
    winner.kind === "variable" ? "is a variable of the process" : `comes from ${clean(placeOf(winner))}`;
  if (shadowed.length === 0) return `${clean(key)} ${from}, and shadows nothing.`;
  const values = others === 0 ? "with the same value" : `${others} of them with another value`;
  const one = others === 0 ? "with the same value" : "with another value";
  return shadowed.length === 1
    ? `${clean(key)} ${from}, and shadows 1 setting ${one}.`
    : `${clean(key)} ${from}, and shadows ${shadowed.length} settings, ${values}.`;
}

function settingRow(rank: string, setting: ShownSetting): Cell[] {
  const remarks = [
    ...(setting.empty ? ["empty"] : []),
    ...(setting.same === undefined ? [] : [setting.same ? "the same value" : "another value"]),
    ...(setting.references ? [`from ${setting.references.map(clean).join(", ")}`] : []),
    ...(setting.unknownReferences ? ["with a reference to nothing that is set"] : []),
    ...(setting.because === "no-value" ? ["the key stands alone, or its value cannot be had"] : []),
    ...(setting.because === "file-refused" ? ["its program refuses the file"] : []),
  ];
  return [
    { text: `  ${rank}` },
    { text: clean(placeOf(setting)) },
    { text: setting.kind === "file" ? setting.dialect : "" },
    { text: setting.fingerprint ?? "no value" },
    { text: remarks.join(", ") },
  ];
}

function readingRow({ dialect, kind, fingerprint, line, fault }: ShownReading): Cell[] {
  const said = {
    value: fingerprint ?? "",
    alone: "the variable of the process",
    absent: "not set",
    refused: fault
      ? `refuses the file: line ${fault.line ?? "?"}, expected ${fault.expected}, found ${fault.found}`
      : "",
  }[dialect === "python-dotenv" && kind === "alone" ? "absent" : kind];
  return [
    { text: `  ${DIALECT_NAMES[dialect]}` },
    { text: line === undefined ? "" : `line ${line}` },
    { text: said },
  ];
}

function meaningLines(
  { path, meaning, type }: NonNullable<EnvExplainReport["meaning"]>,
  { width }: Terminal,
): string[] {
  const key = path === undefined ? "" : `${path}${type === undefined ? "" : ` (${type})`}: `;
  return hang("  ", `${key}${meaning}`, width);
}

function layerRow({ path, dialect, state, keys, extendedBy }: LayerRow): Cell[] {
  const said = {
    read: keys === 1 ? "1 key" : `${keys ?? 0} keys`,
    refused: "refused",
    unreadable: "cannot be read",
    absent: "not there",
  }[state];
  const why = extendedBy === undefined ? "" : `, extended by ${clean(extendedBy)}`;
  return [{ text: `  ${clean(path)}` }, { text: dialect }, { text: `${said}${why}` }];
}
