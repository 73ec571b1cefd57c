import type { Json } from "../../services/remediation/action.ts";
import { canonicalJson } from "../../services/remediation/canonical.ts";
import type { VerifierCall } from "../../services/remediation/verifier.ts";
import type { PlanReport, PlannedStep } from "./plan-report.ts";
import { scheduleLines } from "./plan-schedule-lines.ts";
import { describeCounts } from "./remedy-steps.ts";
import { spanText } from "./span-text.ts";
import { createStyle, type Style } from "./style.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

/** The verdict, why, the steps phase by phase, the schedule where it was asked for, and what to do next. */
export function renderPlan(report: PlanReport, terminal: Terminal): string {
  const style = createStyle(terminal);
  const { summary, because, notes, nextSteps, steps, schedule, deadlineMs, counts } = report;
  const { width } = terminal;
  const lines = [
    ...hang("", style.bold(style.status(steps.length === 0 ? "unknown" : "warn", summary)), width, 0),
    ...section(headLines(report, width)),
    ...section(listed("Because", because, { style, width })),
    ...phaseLines(steps, { style, width }),
    ...section(listed("Left out or not known", notes, { style, width })),
    ...(report.command === "plan show" && schedule !== undefined
      ? ["", ...scheduleLines({ schedule, deadlineMs, style, terminal })]
      : []),
    ...(steps.length === 0 ? [] : ["", `${describeCounts(counts)}.`]),
    ...(nextSteps.length === 0 ? [] : ["", style.bold("Next")]),
    ...nextSteps.flatMap((text, index) => hang(`  ${index + 1}. `, text, width)),
  ];
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

const section = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ["", ...lines]);

interface Look {
  readonly style: Style;
  readonly width: number;
}

const listed = (title: string, texts: readonly string[], { style, width }: Look): string[] =>
  texts.length === 0 ? [] : [style.bold(title), ...texts.flatMap((text) => hang("  - ", text, width))];

function headLines({ id, digest, title = "", environment = "" }: PlanReport, width: number): string[] {
  if (id === undefined) return [];
  return [...hang(`Plan ${id} for ${clean(environment)}: `, title, width, 4), `Digest ${digest ?? ""}`];
}

function phaseLines(steps: readonly PlannedStep[], look: Look): string[] {
  const phases = [...Map.groupBy(steps, ({ phase }) => phase)].toSorted(([a], [b]) => a - b);
  return phases.flatMap(([phase, members]) =>
    ["", look.style.bold(`Phase ${phase}`)].concat(members.flatMap((step) => stepLines(step, look))),
  );
}

function stepLines(step: PlannedStep, { style, width }: Look): string[] {
  const { symbol, id, title, priority, estimateMs, owner, needsApproval, destructive } = step;
  const approval = needsApproval ? ", needs approval" : "";
  const facts = `${priority}, ${spanText(estimateMs)}, ${step.risk} risk, ${owner}${approval}${destructive ? ", destructive" : ""}`;
  const lead = `  ${symbol} ${clean(id)}  `;
  return [
    ...hang(`  ${symbol} ${style.bold(clean(id))}  `, title, width, Math.min(lead.length, 8)),
    ...hang("      ", facts, width).map(style.dim),
    ...detailsOf(step).flatMap((text) => hang("      ", text, width, 8)),
  ];
}

function detailsOf({ change, needs, verify, rollback, command, action }: PlannedStep): string[] {
  return [
    ...(change === undefined ? [] : [clean(change.target), ...changeLines(change.before, change.after)]),
    ...(action.kind === "manual" ? instructionsOf(action.params) : []),
    ...(needs.length === 0 ? [] : [`needs ${needs.join(", ")}`]),
    ...verify.map((call) => `verify: ${describeCall(call)}`),
    `rollback: ${rollback.kind === "automatic" ? "automatic" : rollback.kind === "manual" ? rollback.instructions : `none: ${rollback.because}`}`,
    ...(command === undefined ? [] : [`as ${command}`]),
  ];
}

const isMapping = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function instructionsOf(params: Json): string[] {
  const given = isMapping(params) ? params.instructions : undefined;
  return Array.isArray(given) ? given.map((each, index) => `${index + 1}) ${String(each)}`) : [];
}

/** By field: `vpcAccess: nothing → {…}`. */
function changeLines(before: Json, after: Json): string[] {
  const [one, other] = [isMapping(before) ? before : {}, isMapping(after) ? after : {}];
  const fields = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  if (fields.length === 0 && (before !== null || after !== null))
    return [`${shown(before)} → ${shown(after)}`];
  return fields.flatMap((field) => {
    const [was, is] = [shown(one[field]), shown(other[field])];
    return was === is ? [] : [`${field}: ${was} → ${is}`];
  });
}

const LONGEST = 120;

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return "nothing";
  const text = typeof value === "string" ? value : canonicalJson(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** What is checked, in a few words. */
export function describeCall(call: VerifierCall): string {
  const within = call.withinMs === undefined ? "" : `, within ${spanText(call.withinMs)}`;
  return `${wordsOf(call)}${within}`;
}

type Words = {
  readonly [K in VerifierCall["kind"]]: (call: Extract<VerifierCall, { kind: K }>) => string;
};

const WORDS: Words = {
  probe: ({ dependency, times = 1 }) => `${dependency} passes${times > 1 ? ` ${times} times in a row` : ""}`,
  gcp: ({ resource, pointer, equals }) => `${pointer} of ${resource} is ${shown(equals)}`,
  http: ({ method = "GET", url, status = 200, equals = {} }) => {
    const members = Object.entries(equals).map(([pointer, value]) => `, ${pointer} is ${shown(value)}`);
    return `${method} ${url} answers ${status}${members.join("")}`;
  },
  sql: ({ dependency, query, equals }) => `${dependency} answers ${shown(equals)} to ${query}`,
  exec: ({ command, exitCode = 0 }) => `${command.join(" ")} ends with ${exitCode}`,
  lint: ({ what, folder }) => `the lint finds nothing wrong with the ${what} of ${folder}`,
  deployment: ({ service, region, image, release }) => {
    const meant = [image, release].filter((each) => each !== undefined).join(", ");
    return `the newest revision of ${service} (${region}) is ready and serves${meant === "" ? "" : `, and is ${meant}`}`;
  },
  criterion: ({ indicator, operator, target, windowMs, minSamples }) => {
    const window = windowMs === undefined ? "" : ` over ${spanText(windowMs)}`;
    const samples = minSamples === undefined ? "" : `, of at least ${minSamples} observations`;
    return `${indicator} ${operator} ${target}${window}${samples}`;
  },
};

const wordsOf = (call: VerifierCall): string => (WORDS[call.kind] as (call: VerifierCall) => string)(call);
