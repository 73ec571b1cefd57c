import type { Edit } from "../python/source-file.ts";
import { type ConfigurationText, readCandidate } from "./candidate.ts";
import type { Project } from "./project.ts";
import { hasFeature } from "./version.ts";

/** Where markers go while no file says anything to pytest: a section at the end of a file, or a new file. */
interface NewPlace {
  readonly file: string;
  readonly section: string;
  readonly edit: (lines: readonly string[]) => Edit;
}

const SECTION = "[tool.pytest.ini_options]";

/** `pyproject.toml` where there is one that can take a section and that pytest reads, else a new `pytest.ini`. */
export function newPlace({ input, version }: Pick<Project, "input" | "version">): NewPlace {
  const project = input.candidates.find(({ path }) => path === "pyproject.toml");
  if (project && hasFeature(version, "pyproject") && takesSection(project, version))
    return { file: project.path, section: SECTION, edit: (lines) => sectionOf(project, lines) };
  return { file: "pytest.ini", section: "[pytest]", edit: newFile };
}

function newFile(lines: readonly string[]): Edit {
  const text = `[pytest]\nmarkers =\n${lines.map((line) => `    ${line}\n`).join("")}`;
  return { file: "pytest.ini", start: 0, end: 0, text, creates: true };
}

/**
 * What registers these lines there; `undefined` where somebody has to decide: pytest stops at a file, or files elsewhere
 * configure it that such a new one would outdo or never meet.
 */
export function registerAnew(project: Project, lines: readonly string[]): readonly Edit[] | undefined {
  const { fault, ignored, otherwise } = project.configuration;
  if (fault !== undefined || ignored.length > 0 || otherwise !== undefined) return undefined;
  const edit = newPlace(project).edit(lines);
  return edit.creates === true && project.input.mayCreate !== true ? undefined : [edit];
}

function sectionOf({ path, text }: ConfigurationText, lines: readonly string[]): Edit {
  const gap = text === "" ? "" : text.endsWith("\n") ? "\n" : "\n\n";
  const strings = lines.map((line) => `    ${JSON.stringify(line)},\n`).join("");
  const added = `${gap}${SECTION}\nmarkers = [\n${strings}]\n`;
  return { file: path, start: text.length, end: text.length, text: added };
}

/** Not below `tool = {}`, which is closed. */
function takesSection(project: ConfigurationText, version: string): boolean {
  const { text } = sectionOf(project, ["a"]);
  return readCandidate({ ...project, text: project.text + text }, version).kind === "settings";
}
