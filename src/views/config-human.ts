import type { AccessOptions, Role } from "../../services/access/options.ts";
import type { DependencyOptions } from "../../services/dependencies/options.ts";
import type { Requirement, SuiteOptions } from "../../services/gate/suite.ts";
import { formatDuration } from "../../services/duration.ts";
import type { ConfigReport } from "./config-report.ts";
import type { ConfigSource } from "../config/config.ts";
import { createStyle } from "./style.ts";
import { type Cell, renderTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { clean, hang, toAscii } from "./text.ts";

/** The faults, or the dependencies and where each value comes from. */
export function renderConfig(report: ConfigReport, terminal: Terminal): string {
  const lines = report.ok ? valid(report, terminal) : faulty(report, terminal);
  const text = `${lines.join("\n")}\n`;
  return terminal.unicode ? text : toAscii(text);
}

function valid(report: Extract<ConfigReport, { ok: true }>, terminal: Terminal): string[] {
  const style = createStyle(terminal);
  const { config, sources, warnings } = report;
  const count = config.dependencies.length;
  const given = Object.entries(sources).filter(([, source]) => source.kind !== "default");
  const defaults = Object.keys(sources).length - given.length;
  return [
    style.bold(
      style.status(
        "pass",
        `Valid: ${count} ${count === 1 ? "dependency" : "dependencies"}, environment ${clean(config.environment)}.`,
      ),
    ),
    "",
    ...renderTable(config.dependencies.flatMap(dependencyRows)),
    "",
    ...(config.suites.length === 0 ? [] : [style.bold("Suites"), ...suiteLines(config.suites, terminal), ""]),
    `${style.bold("Access")}: ${describeAccess(config.access)}`,
    "",
    style.bold("Where values come from"),
    ...renderTable(
      given.map(([key, source]) => [{ text: `  ${clean(key)}` }, { text: clean(describe(source)) }]),
    ),
    style.dim(`  ${defaults} others have their default.`),
    ...(warnings.length === 0 ? [] : ["", style.bold("Warnings")]),
    ...warnings.flatMap(({ where, message }) =>
      hang(`  ${style.mark("warn")} `, `${where}: ${message}`, terminal.width, 4),
    ),
  ];
}

function dependencyRows(options: DependencyOptions): Cell[][] {
  const { name, required } = options;
  const start = [{ text: `  ${name}` }, { text: required ? "required" : "optional" }];
  if (options.kind !== "auth") return [[...start, { text: clean(options.url) }]];
  const { candidates, mocks } = options;
  const because = mocks.allowed ? "a mock may serve" : `no mock may serve (${clean(mocks.because)})`;
  return [
    [...start, { text: `the first healthy of ${candidates.length}; ${because}` }],
    ...candidates.map(({ name, kind, url }, index) => [
      { text: `    ${index + 1}. ${name}` },
      { text: kind },
      { text: clean(url) },
    ]),
  ];
}

function suiteLines(suites: readonly SuiteOptions[], { width }: Terminal): string[] {
  const indent = Math.max(...suites.map(({ name }) => name.length)) + 4;
  return suites.flatMap((suite) =>
    hang(`  ${suite.name.padEnd(indent - 2)}`, describeSuite(suite), width, indent),
  );
}

/** `postgres, redis (optional); fit for 3s, takes 20m, token in E2E_TOKEN`. */
function describeSuite({ requirements, stableMs, graceMs, expectedMs, credentials }: SuiteOptions): string {
  const tokens = credentials.map(({ variable }) => variable).join(", ");
  const rules = [
    `fit for ${formatDuration(stableMs)}`,
    ...(graceMs > 0 ? [`grace ${formatDuration(graceMs)}`] : []),
    ...(expectedMs === undefined ? [] : [`takes ${formatDuration(expectedMs)}`]),
    ...(tokens === "" ? [] : [`token in ${tokens}`]),
  ];
  return `${requirements.map(describeRequirement).join(", ")}; ${rules.join(", ")}`;
}

function describeRequirement({ dependency, observed, level, assurance }: Requirement): string {
  const remarks = [
    ...(level === "optional" ? ["optional"] : []),
    ...(assurance === "real" ? [] : [assurance === "emulator" ? "an emulator or better" : "a mock will do"]),
    ...(observed === dependency ? [] : ["with expectations of its own"]),
  ];
  return remarks.length === 0 ? dependency : `${dependency} (${remarks.join(", ")})`;
}

function describeAccess(access: AccessOptions): string {
  if (access.mode === "none") return "none: whoever reaches the port may ask everything";
  const count = (role: Role) => access.rules.filter((rule) => rule.role === role).length;
  const anonymous =
    access.public === "verdict" ? "callers without a token see the verdict" : "nothing without a token";
  return `${access.mode}: readers ${count("reader")}, operators ${count("operator")}; ${anonymous}`;
}

const describe = (source: ConfigSource): string =>
  source.kind === "file" ? source.where : source.kind === "variable" ? source.name : "default";

function faulty({ faults }: Extract<ConfigReport, { ok: false }>, terminal: Terminal): string[] {
  const style = createStyle(terminal);
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const entries = faults.flatMap(({ where, path, code, expected, found, suggestion }, index) => [
    "",
    ...hang(`${index + 1}. `, `${where}${path === undefined ? "" : ` (${path})`} ${code}`, terminal.width),
    ...hang("   expected: ", expected, terminal.width),
    ...hang("   found:    ", found, terminal.width),
    ...(suggestion === undefined ? [] : hang("   try:      ", suggestion, terminal.width)),
  ]);
  return [style.bold(style.status("fail", `The configuration has ${count}.`)), ...entries];
}
