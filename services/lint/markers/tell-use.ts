import { createFinding, type CreateFindingInput } from "../../findings/create.ts";
import type { Severity } from "../../findings/finding.ts";
import type { Edit, LintFinding } from "../python/source-file.ts";
import type { MarkerRead, MarkerUse } from "./facts.ts";
import { isWithin } from "./folders.ts";
import { PARAMETRIZE_SPELLINGS, pluginsOf } from "./known.ts";
import { type In, placesOf } from "./names.ts";
import type { Project, Status } from "./project.ts";
import { whereToRegister } from "./register.ts";

/** A marker on tests with which something is wrong. */
export interface JudgedUse {
  readonly name: string;
  readonly places: readonly In<MarkerUse>[];
  readonly kind: "invalid" | "meant" | "elsewhere" | "perhaps" | "plugin" | "unknown";
  readonly meant?: string;
  readonly status?: Status;
}

type Told = Pick<CreateFindingInput, "code" | "message" | "evidence" | "severity"> & {
  readonly edits?: readonly Edit[] | undefined;
};

/** @param register what registers all markers that are to be registered, at once. */
export function tellUse(
  project: Project,
  use: JudgedUse,
  register: readonly Edit[] | undefined,
): LintFinding {
  const first = use.places.find(({ file }) => isWithin(file, project.input.focus ?? ".")) ?? use.places[0];
  const { edits, ...told } = toldOf(project, use, register);
  const finding = createFinding({
    ...told,
    subject: use.name,
    ...(first
      ? { place: { kind: "file", file: first.file, line: first.span.line, column: first.span.column } }
      : {}),
    facts: { where: whereToRegister(project), meant: use.meant ?? "" },
  });
  return withEdits(finding, edits);
}

function toldOf(project: Project, use: JudgedUse, register: readonly Edit[] | undefined): Told {
  const { name, places, kind, meant = "" } = use;
  const { strictness, configuration } = project;
  const refused: Severity = strictness.because === undefined ? "warning" : "error";
  const used = `used at ${placesOf(places)}`;
  const why = strictness.because === undefined ? [] : [strictness.because];
  const isLate = places.every(({ late }) => late === true);
  const late = isLate ? ["put on while a test runs, so that the test fails and not the collection"] : [];
  const evidence = [used, ...late, ...why, ...hints(project, name)];
  if (kind === "invalid") {
    const message = `marker ${name} begins with an underscore, which pytest refuses`;
    return { code: "MARKER_NAME_INVALID", message, evidence: [used] };
  }
  if (kind === "elsewhere") return { ...elsewhere(use, used), edits: register };
  if (kind === "meant") {
    const message = `marker ${name} is not registered; ${meant} was probably meant`;
    const severity = PARAMETRIZE_SPELLINGS.has(name) ? "error" : refused;
    return { code: "MARKER_NEAR_MISS", message, evidence, severity, edits: rename(places, meant) };
  }
  const code = "MARKER_UNREGISTERED";
  if (kind === "perhaps") {
    const message = `marker ${name} is registered only if a name that is computed is this one`;
    return { code, message, evidence, severity: "note" };
  }
  if (kind === "plugin") {
    const known = project.knowsPlugins
      ? "which is not installed"
      : "and nothing here says whether that is installed";
    const message = `marker ${name} is not registered; ${pluginsOf(name).join(" or ")} would do so, ${known}`;
    return { code, message, evidence, severity: project.knowsPlugins ? refused : "warning" };
  }
  const file = configuration.settings?.file;
  const where = file === undefined ? "no file configures pytest here" : `not in ${file}`;
  const message = `marker ${name} is not registered: ${where}`;
  return { code, message, evidence, severity: refused, edits: register };
}

function elsewhere({ name, status }: JudgedUse, used: string): Told {
  const by = status?.kind === "elsewhere" ? status.by : undefined;
  const file = by?.file ?? "a conftest file";
  const message = `marker ${name} is used outside of ${by?.folder ?? "the folder"}, whose conftest registers it`;
  const evidence = [used, `registered at ${file}:${by?.span.line ?? 1}`];
  return { code: "MARKER_OUT_OF_SCOPE", message, evidence };
}

/** Where it is registered without effect. */
function hints({ configuration, loaded }: Project, name: string): string[] {
  const files = configuration.ignored.filter(({ settings }) =>
    settings.markers.some((one) => one.name === name),
  );
  const own = loaded.registrations.filter((one) => one.name === name);
  const idle = [...loaded.idle].filter(([, { registers }]) => registers.some((one) => one.name === name));
  return [
    ...files.map(({ settings, because }) => `${settings.file} registers it and is not read: ${because}`),
    ...own.map(({ file, folder }) => `${file} registers it for ${folder ?? "."} alone`),
    ...idle.map(([file]) => `${file} registers it and nothing loads that file`),
    ...(files.length > 0 && configuration.otherwise !== undefined ? [configuration.otherwise] : []),
  ];
}

export const rename = (places: readonly In<MarkerRead>[], text: string): readonly Edit[] =>
  places.map(({ file, span }) => ({ file, start: span.start, end: span.end, text }));

export const withEdits = (finding: LintFinding["finding"], edits: readonly Edit[] | undefined): LintFinding =>
  edits === undefined ? { finding } : { finding, edits };
