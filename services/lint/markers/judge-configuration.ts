import { createFinding } from "../../findings/create.ts";
import type { LintFinding } from "../python/source-file.ts";
import { isWithin } from "./folders.ts";
import type { Project } from "./project.ts";
import { whereToRegister } from "./register.ts";
import type { ConfigurationFault } from "./settings.ts";

/** What is wrong with the files that configure pytest. */
export function judgeConfiguration(project: Project): LintFinding[] {
  const { configuration, strictness, version } = project;
  const { settings, fault, ignored } = configuration;
  const findings = [...(fault ? [fault] : []), ...(settings?.faults ?? [])].map(invalid);
  const { used } = project.names;
  for (const { settings: other, because } of ignored) {
    const [first] = other.markers;
    if (!first) continue;
    const names = [...new Set(other.markers.map(({ name }) => name))];
    const missed = names.filter(
      (name) => used.has(name) && !settings?.markers.some((one) => one.name === name),
    );
    const isBelow = !isWithin(
      settings?.file ?? ".",
      other.file.slice(0, other.file.lastIndexOf("/") + 1) || ".",
    );
    const finding = createFinding({
      code: "MARKER_CONFIG_IGNORED",
      subject: other.file,
      message: `pytest ${version} does not read ${other.file}, which registers ${count(names.length, "marker")}: ${because}`,
      place: { kind: "file", file: other.file, line: first.span.line, column: first.span.column },
      evidence: [
        ...(missed.length > 0 ? [`used in the tests: ${missed.join(", ")}`] : []),
        ...(configuration.otherwise === undefined ? [] : [configuration.otherwise]),
      ],
      // A folder with a configuration of its own is often a suite of its own.
      severity: isBelow && missed.length === 0 ? "note" : "warning",
      facts: { where: whereToRegister(project) },
    });
    findings.push({ finding });
  }
  const { unheard } = strictness;
  if (unheard) {
    const { file, line, asked } = unheard;
    const message = `pytest ${version} ignores ${asked} in addopts of ${file}: unknown markers are not refused`;
    const place = { kind: "file" as const, file, line };
    findings.push({
      finding: createFinding({ code: "MARKER_STRICT_IGNORED", subject: file, message, place }),
    });
  }
  return findings;
}

function invalid({ file, line, column, message }: ConfigurationFault): LintFinding {
  const place = { kind: "file" as const, file, line, ...(column === undefined ? {} : { column }) };
  const finding = createFinding({
    code: "MARKER_CONFIG_INVALID",
    subject: file,
    message: `${file}: ${message}`,
    place,
  });
  return { finding };
}

const count = (amount: number, what: string): string => `${amount} ${what}${amount === 1 ? "" : "s"}`;
