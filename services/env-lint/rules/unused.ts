import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import { isTemplate } from "../file-name.ts";
import { flagNames } from "../flags.ts";
import type { LintInput } from "../input.ts";
import { lastOfEach, placeOf, subjectOf } from "../stack.ts";

/**
 * Flags that no source reads. Only yes-or-no values and names of switches are judged. Not reported: where no source roots
 * were given; what runtimes, tools and images read (`NODE_*`, `DOCKER_*`, `POSTGRES_*`, …); templates; and names that
 * turn up in another spelling (`strict_mode`, `strictMode`) or behind a prefix that the sources name. A mention in a
 * comment, or a line of YAML that only sets it, reads nothing.
 */
export function unused({ files, read }: LintInput): readonly Finding[] {
  if (read === undefined) return [];
  const unread = new Set(flagNames({ files }).filter((name) => !read.has(name)));
  const found = files
    .filter(({ path }) => !isTemplate(path))
    .flatMap((file) => lastOfEach(file).filter(({ entry }) => unread.has(entry.key)));
  // One flag is one fault, told where it is set first.
  const first = new Map(found.toReversed().map((at) => [at.entry.key, at]));
  const all = Map.groupBy(found, ({ entry }) => entry.key);
  return [...first.values()].map((at) => {
    const { key } = at.entry;
    const others = (all.get(key) ?? []).map(({ file, entry }) => `set: ${file.path}:${entry.line}`);
    return createFinding({
      code: "ENV_UNUSED_FLAG",
      subject: subjectOf(at),
      message: `Nothing in the sources reads ${key}, so it protects and changes nothing.`,
      place: placeOf(at),
      evidence: others,
      facts: { key },
    });
  });
}
