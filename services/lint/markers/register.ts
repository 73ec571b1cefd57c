import type { Edit } from "../python/source-file.ts";
import { isWithin } from "./folders.ts";
import { BUILTIN_MARKERS } from "./known.ts";
import type { Project } from "./project.ts";
import type { RegisteredMarker } from "./settings.ts";

/** The file pytest reads, or the one to write. */
export function whereToRegister({ configuration: { settings } }: Project): string {
  return settings
    ? `${settings.file} ${settings.section}`
    : "pytest.ini (a new file: [pytest], then markers =)";
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
 * What registers all these names in the file that pytest reads, as one edit for all of them: findings that share an edit
 * have it made once. `undefined` when no file in the tree can take it.
 */
export function registerAll(
  { configuration: { settings } }: Project,
  names: readonly string[],
): readonly Edit[] | undefined {
  if (!settings || names.length === 0 || !isWithin(settings.file, ".") || settings.faults.length > 0)
    return undefined;
  const gone = superfluous(settings.markers);
  const lines = names.map((name) => `${name}: to be described`);
  return settings.register(lines, (marker) => !gone.has(marker));
}
