import type { Evidence } from "./evidence.ts";
import type { ContextRules } from "./kinds.ts";
import type { ReadName } from "./labels.ts";

/** `.env.staging`, `.env.staging.local`, `compose.staging.yaml`, `docker-compose.staging.yml`. */
const NAMED = /^(?:\.env\.(.+)|(?:docker-)?compose\.(.+)\.ya?ml)$/;

/**
 * What the names of files hint at. A folder that has files for several environments says nothing: they lie there to be
 * chosen from.
 */
export function filesIn(
  files: readonly string[],
  { weights }: Pick<ContextRules, "weights">,
  readName: ReadName,
): Evidence[] {
  const found = files.toSorted().flatMap((file) => {
    const [, env, compose] = NAMED.exec(file) ?? [];
    const says = readName(env ?? compose ?? "").says;
    return says === undefined ? [] : [{ file, says }];
  });
  const alone = new Set(found.map(({ says }) => says)).size === 1;
  const common = { tier: "file", production: false, weight: weights.file } as const;
  return found.map(({ file, says }): Evidence =>
    alone
      ? Object.assign({ source: file, says, detail: "lies in the folder" }, common)
      : Object.assign({ source: file, detail: "one of several for different environments" }, common),
  );
}
