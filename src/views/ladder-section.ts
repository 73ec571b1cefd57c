import type { RungView } from "./explanation.ts";
import { candidateLines } from "./candidate-lines.ts";
import type { DependencyReport } from "./report.ts";
import type { Style } from "./style.ts";
import type { Terminal } from "./terminal.ts";
import { clean, formatMs, hang } from "./text.ts";

/** One dependency: where it is, its rungs, what the cause means and who can mend it. */
export function ladderSection(report: DependencyReport, terminal: Terminal, style: Style): string[] {
  const { width } = terminal;
  const { dependency, rungs, cause, explanation, target, version } = report;
  const facts = [target === undefined ? "" : describeTarget(target), version ?? ""];
  const where = facts.filter((fact) => fact !== "").join(", ");
  const times = rungs.map(({ durationMs }) => (durationMs === undefined ? "" : formatMs(durationMs)));
  const widths = {
    rung: Math.max(0, ...rungs.map(({ rung }) => rung.length)),
    time: Math.max(0, ...times.map((time) => time.length)),
  };
  const lines = rungs.flatMap((rung, index) => {
    const lead = `${clean(rung.rung).padEnd(widths.rung)}  ${(times[index] ?? "").padStart(widths.time)}  `;
    const says = describeRung(rung, report);
    const text = hang(`  ${style.mark(rung.status)} ${lead}`, says, width, lead.length + 4).map((line) =>
      line.trimEnd(),
    );
    return rung.status === "unknown" ? text.map(style.dim) : text;
  });
  const meaning = cause === undefined ? [] : hang("  ", `${cause.title}. ${explanation ?? ""}`, width);
  const help = cause === undefined ? [] : hang("  ", mending(cause), width);
  return [
    `${style.bold(clean(dependency))}${style.dim(clean(where) && `  ${clean(where)}`)}`,
    ...lines,
    ...meaning,
    ...help,
    ...candidateLines(report.candidates ?? [], terminal, style),
  ];
}

function describeTarget({
  host,
  port,
  database,
  user,
  tls,
}: NonNullable<DependencyReport["target"]>): string {
  const at = host.startsWith("/") ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const parts = [
    ...(database === undefined ? [] : [`database ${database}`]),
    ...(user === undefined ? [] : [`user ${user}`]),
    ...(tls ? ["TLS"] : []),
  ];
  return [at, ...parts].join(", ");
}

function describeRung({ status, note, cause }: RungView, { cause: whole }: DependencyReport): string {
  if (status === "unknown") return "not evaluated";
  if (status === "pass") return note ?? "";
  if (whole === undefined || whole.code !== cause) return cause ?? status;
  const { message, evidence } = whole;
  const extra = evidence === undefined || message.includes(evidence) ? "" : ` (${evidence})`;
  return `${whole.code}: ${message}${extra}`;
}

function mending({ retryable, owner }: NonNullable<DependencyReport["cause"]>): string {
  return `${retryable ? "It may recover by itself." : "Waiting will not help."} Who can mend it: ${owner}.`;
}
