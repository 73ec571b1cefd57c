import type { Finding, Place } from "../../services/findings/finding.ts";
import type { AcceptReport, BaselineReport, DriftChange, DriftReport } from "./drift-report.ts";
import { type Style, createStyle } from "./style.ts";
import { type Cell, renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

/** What has changed, and what to do. */
export function renderDrift(report: DriftReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { verdict, changes, troubles, baseline } = report;
  const first =
    verdict === "same"
      ? style.status("pass", `No drift: everything is as in ${baseline}.`)
      : verdict === "drift"
        ? style.status("fail", `Drift: ${counted(changes.length, "change")} since ${baseline}.`)
        : style.status("fail", `Not compared: ${counted(troubles.length, "thing")} in the way.`);
  return finish(
    [
      style.bold(first),
      ...changeLines(changes, style),
      ...troubleLines(troubles, terminal),
      ...stepLines(report.nextSteps, terminal),
    ],
    terminal,
  );
}

/** What was written, and what it changes. */
export function renderBaseline(report: BaselineReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { baseline, written, sources, changes, troubles } = report;
  const keys = sources.reduce((sum, source) => sum + source.keys, 0);
  const what = `${counted(keys, "key")} of ${counted(sources.length, "source")}`;
  const first = written
    ? `Wrote ${clean(baseline)}: fingerprints of ${what}, made under ${report.keyId}.`
    : `Nothing was written: ${clean(baseline)} is there already, the same (${what}).`;
  const rows = sources.map(({ source, keys }): Cell[] => [
    { text: `  ${clean(source)}` },
    { text: counted(keys, "key"), align: "right" },
  ]);
  return finish(
    [
      style.bold(style.status("pass", first)),
      "",
      ...renderTable(rows),
      ...(changes.length === 0 ? [] : ["", style.bold("Changed since the baseline that was there")]),
      ...changeLines(changes, style),
      ...troubleLines(troubles, terminal),
      ...stepLines(written ? report.nextSteps : [], terminal),
    ],
    terminal,
  );
}

/** What was accepted, by whom and why. */
export function renderAccept(report: AcceptReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { baseline, written, dryRun, changes, left, troubles } = report;
  const count = counted(changes.length, "change");
  const first =
    changes.length === 0
      ? "Nothing to accept: nothing has changed."
      : dryRun
        ? `Nothing was written (--dry-run). To be accepted: ${count}.`
        : written
          ? style.status("pass", `Accepted ${count}; wrote ${clean(baseline)}.`)
          : `Nothing was written: ${clean(baseline)} holds them already.`;
  return finish(
    [
      style.bold(first),
      ...changeLines(changes, style),
      ...(changes.length === 0 ? [] : ["", `By ${report.by} at ${report.at}: ${report.reason}`]),
      ...(left === 0 ? [] : ["", `Left as drift: ${counted(left, "change")}.`]),
      ...troubleLines(troubles, terminal),
      ...stepLines(written ? [`Commit ${clean(baseline)}.`] : [], terminal),
    ],
    terminal,
  );
}

const MARKS: Readonly<Record<DriftChange["kind"], string>> = {
  changed: "~",
  added: "+",
  removed: "-",
  renamed: ">",
  "source-added": "+",
  "source-removed": "-",
};

function changeLines(changes: readonly DriftChange[], style: Style): string[] {
  const rows = changes.map((change): Cell[] => [
    { text: `  ${MARKS[change.kind]} ${change.kind}` },
    { text: clean(change.key ?? change.source) },
    { text: difference(change) },
    { text: clean(placeText(change)), paint: style.dim },
  ]);
  return rows.length === 0 ? [] : ["", ...renderTable(rows)];
}

function difference({ kind, before = "nothing", after = "nothing", from, keys = 0 }: DriftChange): string {
  if (kind === "source-added") return `${counted(keys, "key")}, not in the baseline`;
  if (kind === "source-removed") return `${counted(keys, "key")}, not configured any more`;
  if (kind === "renamed") return `was ${clean(from ?? "")}, the same value`;
  return clean(`${before} → ${after}`);
}

const placeText = ({ place, source }: DriftChange): string => (place && describePlace(place)) ?? source;

/** `.env.staging:3`, `variable APP_URL`. */
export function describePlace(place: Place): string | undefined {
  if (place.kind === "variable") return `variable ${place.name}`;
  if (place.kind !== "file") return undefined;
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(":");
}

function troubleLines(troubles: readonly Finding[], terminal: Terminal): string[] {
  if (troubles.length === 0) return [];
  const style = createStyle(terminal);
  const lines = troubles.flatMap(({ code, message, evidence }) => [
    ...hang(`  ${style.mark("fail")} `, `${message} ${code}`, terminal.width, 4),
    ...evidence.flatMap((fact) => hang("    ", fact, terminal.width)),
  ]);
  return ["", ...lines];
}

export function stepLines(steps: readonly string[], terminal: Terminal): string[] {
  if (steps.length === 0) return [];
  const lines = steps.flatMap((step, index) => hang(`  ${index + 1}. `, step, terminal.width));
  return ["", createStyle(terminal).bold("Next"), ...lines];
}

const counted = (count: number, what: string): string => (count === 1 ? `1 ${what}` : `${count} ${what}s`);

export function finish(lines: readonly string[], terminal: Terminal): string {
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}
