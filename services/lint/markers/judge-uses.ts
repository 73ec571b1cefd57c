import { createFinding } from "../../findings/create.ts";
import type { LintFinding } from "../python/source-file.ts";
import type { MarkerUse } from "./facts.ts";
import { BUILTIN_MARKERS, PARAMETRIZE_SPELLINGS, pluginsOf } from "./known.ts";
import { type In, placesOf } from "./names.ts";
import type { Project, Status } from "./project.ts";
import { registerAll, whereToRegister } from "./register.ts";
import { probablyMeant } from "./similar.ts";
import { type JudgedUse, rename, tellUse, withEdits } from "./tell-use.ts";

/** Markers on tests that pytest does not know, each of them once, whatever the number of tests. */
export function judgeUses(project: Project): LintFinding[] {
  const candidates = meantCandidates(project);
  const judged = [...project.names.used].flatMap(([name, uses]) =>
    judge(project, { name, uses, candidates }),
  );
  const wanted = judged
    .filter(({ kind }) => kind === "unknown" || kind === "elsewhere")
    .map(({ name }) => name);
  const edits = registerAll(project, [...new Set(wanted)]);
  const findings = judged.map((one) => tellUse(project, one, edits));
  return [...findings, ...judgeReads(project, candidates)];
}

/** Every name that somebody may have meant. */
function meantCandidates({ configuration, provided, loaded }: Project): ReadonlySet<string> {
  const registered = (configuration.settings?.markers ?? []).map(({ name }) => name);
  return new Set([...registered, ...provided, ...loaded.registrations.flatMap(({ name }) => name ?? [])]);
}

interface Question {
  readonly name: string;
  readonly uses: readonly In<MarkerUse>[];
  readonly candidates: ReadonlySet<string>;
}

function judge(project: Project, { name, uses, candidates }: Question): JudgedUse[] {
  const { input, names } = project;
  const looked = uses
    .filter(({ file }) => input.broken?.has(file) !== true)
    .map((use) => ({ use, status: project.status(name, use.file, use.late === true) }));
  const of = (kind: Status["kind"]): typeof looked => looked.filter(({ status }) => status.kind === kind);
  const judged = (kind: JudgedUse["kind"], list: typeof looked, rest: Partial<JudgedUse> = {}): JudgedUse[] =>
    list.length === 0 ? [] : [{ name, kind, places: list.map(({ use }) => use), ...rest }];

  if (name.startsWith("_")) return judged("invalid", looked);
  const unknown = of("unknown");
  const [elsewhere] = of("elsewhere");
  const found = [
    ...(unknown.length === 0 ? judged("perhaps", of("perhaps")) : []),
    ...judged("elsewhere", of("elsewhere"), elsewhere ? { status: elsewhere.status } : {}),
  ];
  if (pluginsOf(name).length > 0) return [...found, ...judged("plugin", unknown)];
  // A name that is asked for, too, is one of the suite's own.
  const meant = PARAMETRIZE_SPELLINGS.has(name)
    ? "parametrize"
    : names.read.has(name) || candidates.has(name)
      ? undefined
      : probablyMeant(name, candidates);
  if (meant !== undefined) return [...found, ...judged("meant", unknown, { meant })];
  return [...found, ...judged("unknown", unknown)];
}

/** Names that are asked for, and that nothing has: only those that look misspelt are told. */
function judgeReads(project: Project, candidates: ReadonlySet<string>): LintFinding[] {
  const { names, input } = project;
  return [...names.read].flatMap(([name, reads]): LintFinding[] => {
    const places = reads.filter(({ file }) => input.broken?.has(file) !== true);
    const [first] = places;
    if (!first || names.used.has(name) || candidates.has(name) || pluginsOf(name).length > 0) return [];
    const meant = probablyMeant(name, new Set([...candidates, ...names.used.keys()]));
    if (meant === undefined || BUILTIN_MARKERS.has(name)) return [];
    const finding = createFinding({
      code: "MARKER_NEAR_MISS",
      subject: name,
      message: `marker ${name} is asked for and nothing has it; ${meant} was probably meant`,
      place: { kind: "file", file: first.file, line: first.span.line, column: first.span.column },
      evidence: [`asked for at ${placesOf(places)}`],
      facts: { meant, where: whereToRegister(project) },
    });
    return [withEdits(finding, rename(places, meant))];
  });
}
