import type { BothReport, Compared } from "./both-report.ts";
import type { DependencyReport } from "./report.ts";
import { createStyle, type Style } from "./style.ts";
import { type Cell, renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii, wrap } from "./text.ts";

/** What both places see: the summary, a row for each dependency, what each difference means, the next steps. */
export function renderBoth(report: BothReport, terminal: Terminal): string {
  const { width, unicode } = terminal;
  const style = createStyle(terminal);
  const { summary, dependencies, nextSteps, exitCode, vantage } = report;
  const good = exitCode === 0 && dependencies.every(({ comparison }) => comparison === "reached-by-both");
  const told = dependencies.filter(({ comparison }) => comparison !== "reached-by-both");
  const sections = [
    wrap(summary, width).map((line) => style.bold(style.status(good ? "pass" : "fail", line))),
    renderTable([headings(style), ...dependencies.map((each) => row(each, style))]),
    told.flatMap(({ dependency, meaning }) => hang(`${clean(dependency)}: `, meaning, width, 2)),
    nextSteps.length === 0
      ? []
      : [
          style.bold("Next steps"),
          ...nextSteps.flatMap(({ number, dependency, text }) =>
            hang(`  ${number}. `, `${dependency}: ${text}`, width),
          ),
        ],
    [style.dim(`Here: this machine. Service: ${clean(vantage.url)}`)],
  ];
  const text = `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
  return unicode ? text : toAscii(text);
}

const headings = (style: Style): Cell[] =>
  ["dependency", "from here", "cause", "from the service", "cause"].map((text) => ({
    text,
    paint: style.dim,
  }));

function row({ dependency, here, service }: Compared, style: Style): Cell[] {
  return [{ text: clean(dependency) }, ...cells(here, style), ...cells(service, style)];
}

function cells(word: DependencyReport | undefined, style: Style): Cell[] {
  if (word === undefined) return [{ text: "not looked at", paint: style.dim }, { text: "" }];
  const { status, cause } = word;
  return [
    { text: status, paint: (text) => style.status(status, text) },
    { text: cause === undefined ? "" : `${clean(cause.code)} at ${clean(cause.rung)}` },
  ];
}
