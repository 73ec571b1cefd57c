import type { Edit } from "../python/source-file.ts";
import { isWithin } from "./folders.ts";
import { BUILTIN_MARKERS } from "./known.ts";
import { newPlace, registerAnew } from "./new-place.ts";
import type { Project } from "./project.ts";
import type { RegisteredMarker } from "./settings.ts";

/** The file pytest reads, or the one to write. */
export function whereToRegister(project: Project): string {
  const { settings } = project.configuration;
  if (settings) return `${settings.file} ${settings.section}`;
  const { file, section } = newPlace(project);
  return file === "pytest.ini"
    ? "pytest.ini (a new file: [pytest], then markers =)"
    : `${file} (a new section: ${section}, then markers = […])`;
}

/** Lines that go: a second one for the same name, and those for pytest's own. */
export function superfluous(markers: readonly RegisteredMarker[]): ReadonlySet<RegisteredMarker> {
  const seen = new Set<string>();
  const gone = new Set<RegisteredMarker>();
  for (const marker of markers) {
    if (seen.has(marker.name) || BUILTIN_MARKERS.has(marker.name)) gone.add(marker);
    seen.add(marker.name);
  }
  return gone;
}

/**
 * What registers all these names in the file that pytest reads, or in a new place where it reads none, as one edit for all
 * of them: findings that share an edit have it made once. `undefined` when no file in the tree can take it.
 */
export function registerAll(project: Project, names: readonly string[]): readonly Edit[] | undefined {
  const { settings } = project.configuration;
  const lines = names.map((name) => `${name}: to be described`);
  if (names.length === 0) return undefined;
  if (!settings) return registerAnew(project, lines);
  if (!isWithin(settings.file, ".") || settings.faults.length > 0) return undefined;
  const gone = superfluous(settings.markers);
  return settings.register(lines, (marker) => !gone.has(marker));
}
