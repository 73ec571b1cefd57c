import { createFinding } from "../../findings/create.ts";
import type { Place } from "../../findings/finding.ts";
import type { LintFinding, Span } from "../python/source-file.ts";
import { isWithin } from "./folders.ts";
import { BUILTIN_MARKERS, pluginsOf } from "./known.ts";
import { placesOf } from "./names.ts";
import type { Project } from "./project.ts";
import type { RegisteredMarker } from "./settings.ts";
import { readOptions } from "./options.ts";

/** A line that registers something, in a configuration file or in code. */
interface Line {
  readonly name: string;
  readonly file: string;
  readonly span: Span;
  /** Of a configuration file. */
  readonly marker?: RegisteredMarker;
}

/** Registrations that say nothing: of pytest's own markers, of one a second time, of one that no test has. */
export function judgeRegistrations(project: Project): LintFinding[] {
  const { configuration, loaded } = project;
  const written = (configuration.settings?.markers ?? []).map((marker): Line => {
    const { name, file, span } = marker;
    return { name, file, span, marker };
  });
  const coded = loaded.registrations.flatMap(({ name, file, span }): Line[] =>
    name === undefined ? [] : [{ name, file, span }],
  );
  const first = new Map<string, Line>();
  const findings: LintFinding[] = [];
  for (const line of [...written, ...coded]) {
    const before = first.get(line.name);
    if (BUILTIN_MARKERS.has(line.name)) findings.push(builtin(project, line));
    else if (before) findings.push(twice(project, line, before));
    else if (line.name !== "") first.set(line.name, line);
  }
  const shared = new Set(loaded.registrations.filter((one) => one.shared).map(({ name }) => name));
  for (const line of first.values()) {
    if (!shared.has(line.name)) findings.push(...unused(project, line));
  }
  return findings;
}

const placeOf = ({ file, span }: Line): Place => ({
  kind: "file",
  file,
  line: span.line,
  column: span.column,
});

function builtin(project: Project, line: Line): LintFinding {
  const message = `${line.file} registers ${line.name}, which pytest registers itself`;
  const finding = createFinding({
    code: "MARKER_REREGISTERS_BUILTIN",
    subject: `${line.file}:${line.name}`,
    message,
    place: placeOf(line),
  });
  return withRemoval(project, finding, line);
}

function twice(project: Project, line: Line, before: Line): LintFinding {
  const finding = createFinding({
    code: "MARKER_DUPLICATE",
    subject: `${line.file}:${line.name}`,
    message: `marker ${line.name} is registered a second time`,
    place: placeOf(line),
    evidence: [
      `first at ${before.file}:${before.span.line}`,
      ...(line.marker && before.marker && line.marker.line !== before.marker.line
        ? ["the descriptions differ"]
        : []),
    ],
    // Code that registers what the file has too is often meant for both ways of running.
    severity: line.marker ? "warning" : "note",
  });
  return withRemoval(project, finding, line);
}

function unused(project: Project, line: Line): LintFinding[] {
  const { names, input, calls } = project;
  // What stands above the tree is for tests that are not seen.
  if (names.used.has(line.name) || pluginsOf(line.name).length > 0 || !isWithin(line.file, ".")) return [];
  const dynamic = [...input.files].flatMap(([file, facts]) => facts.dynamic.map((span) => ({ file, span })));
  const reads = names.read.get(line.name) ?? [];
  const word = new RegExp(`(?<![\\w-])${line.name.replaceAll(/\W/g, "\\$&")}(?![\\w-])`);
  const selects = calls.filter(({ words }) => readOptions(words).expressions.some((text) => word.test(text)));
  const finding = createFinding({
    code: "MARKER_UNUSED",
    subject: `${line.file}:${line.name}`,
    message: `marker ${line.name} is registered in ${line.file} and no test has it`,
    place: placeOf(line),
    evidence: [
      ...(reads.length > 0 ? [`asked for at ${placesOf(reads)}`] : []),
      ...selects.slice(0, 3).map(({ file, line: at }) => `selected by -m at ${file}:${at}`),
      ...(dynamic.length > 0 ? [`markers with computed names are put on at ${placesOf(dynamic)}`] : []),
    ],
    severity: dynamic.length > 0 ? "note" : "warning",
  });
  return [{ finding }];
}

function withRemoval(
  { configuration: { settings } }: Project,
  finding: LintFinding["finding"],
  { marker }: Line,
): LintFinding {
  if (!marker || !settings || !isWithin(settings.file, ".")) return { finding };
  return { finding, edits: [settings.remove(marker)] };
}
