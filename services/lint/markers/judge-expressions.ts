import { createFinding } from "../../findings/create.ts";
import type { LintFinding } from "../python/source-file.ts";
import { parseExpression } from "./expression.ts";
import { pluginsOf } from "./known.ts";
import { readOptions } from "./options.ts";
import type { Project } from "./project.ts";
import { whereToRegister } from "./register.ts";
import { probablyMeant } from "./similar.ts";
import { hasFeature } from "./version.ts";

interface Selection {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Selections (`-m`) in `addopts` and wherever pytest is called: names that nothing has, and what pytest cannot parse. */
export function judgeExpressions(project: Project): LintFinding[] {
  const known = knownNames(project);
  const isOpen = project.loaded.registrations.some(({ name }) => name === undefined);
  const unknown = new Map<string, Selection[]>();
  const findings: LintFinding[] = [];
  for (const selection of selections(project)) {
    const { file, line, text } = selection;
    const parsed = parseExpression(text, hasFeature(project.version, "expressionKeywords"));
    if (parsed.kind === "fault") {
      const message = `-m '${text}': column ${parsed.column}: ${parsed.message}`;
      const place = { kind: "file" as const, file, line };
      const subject = `${file}:${text}`;
      findings.push({
        finding: createFinding({ code: "MARKER_EXPRESSION_INVALID", subject, message, place }),
      });
      continue;
    }
    for (const name of new Set(parsed.names.map((one) => one.name))) {
      if (!known.has(name) && !isOpen) unknown.set(name, [...(unknown.get(name) ?? []), selection]);
    }
  }
  return [...findings, ...[...unknown].map(([name, places]) => tell(project, { name, places, known }))];
}

/** Of the file that is read, and of every line that calls pytest; what a shell fills in is not judged. */
function selections({ configuration: { settings }, calls, input }: Project): Selection[] {
  const written = readOptions(settings?.options ?? []).expressions.map((text): Selection => {
    return { file: settings?.file ?? "", line: settings?.optionsLine ?? 1, text };
  });
  const called = calls.flatMap(({ file, line, words }) =>
    readOptions(words).expressions.map((text) => ({ file, line, text })),
  );
  const given = readOptions(input.pytest?.options ?? []).expressions.map((text) => ({
    file: "PYTEST_ADDOPTS",
    line: 1,
    text,
  }));
  return [...written, ...called, ...given].filter(({ text }) => !/[$`{}%]/.test(text));
}

/** Registered, provided, or on a test: `-m` selects by what tests have. */
function knownNames({ configuration, provided, loaded, names }: Project): ReadonlySet<string> {
  return new Set([
    ...(configuration.settings?.markers ?? []).map(({ name }) => name),
    ...configuration.ignored.flatMap(({ settings }) => settings.markers.map(({ name }) => name)),
    ...provided,
    ...loaded.registrations.flatMap(({ name }) => name ?? []),
    ...names.used.keys(),
  ]);
}

interface Unknown {
  readonly name: string;
  readonly places: readonly Selection[];
  readonly known: ReadonlySet<string>;
}

function tell(project: Project, { name, places, known }: Unknown): LintFinding {
  const [first] = places;
  const meant = probablyMeant(name, known);
  const plugins = pluginsOf(name);
  const isRefused =
    project.strictness.because !== undefined && hasFeature(project.version, "expressionChecked");
  const finding = createFinding({
    code: "MARKER_EXPRESSION_UNKNOWN",
    subject: name,
    message: `-m names ${name}, which no test has and nothing registers${meant === undefined ? "" : `; ${meant} was probably meant`}`,
    ...(first ? { place: { kind: "file" as const, file: first.file, line: first.line } } : {}),
    evidence: [
      ...places.slice(0, 5).map(({ file, line, text }) => `${file}:${line}: -m '${text}'`),
      ...(plugins.length > 0 ? [`${plugins.join(" or ")} registers it`] : []),
    ],
    severity: isRefused ? "error" : "warning",
    facts: { where: whereToRegister(project) },
  });
  return { finding };
}
