import type { EnvFile } from "../../env-files/env-file.ts";
import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import type { LintInput } from "../input.ts";

/**
 * A key that one file sets more than once (dotenv-linter: DuplicatedKey). Not reported: the same key in two layers, which
 * is what layers are for.
 */
export const duplicates = ({ files }: LintInput): readonly Finding[] => files.flatMap(duplicatesOf);

/** Nobody looks at more lines. */
const MOST = 20;

function duplicatesOf({ path, entries }: EnvFile): readonly Finding[] {
  return [...Map.groupBy(entries, ({ key }) => key)].flatMap(([key, same]) => {
    const last = same.at(-1);
    const first = same[0];
    if (same.length < 2 || last === undefined || first === undefined) return [];
    const differ = new Set(same.map(({ value, references }) => `${references.length} ${value}`)).size > 1;
    const shown = same.slice(-MOST).map(({ line }) => line);
    const lines = `${same.length > MOST ? "…, " : ""}${shown.join(", ")}`;
    return createFinding({
      code: "ENV_DUPLICATE_KEY",
      subject: `${path}:${key}`,
      severity: differ ? "error" : "warning",
      message: differ
        ? `${key} is set ${same.length} times in ${path} to different values; the one in line ${last.line} is used.`
        : `${key} is set ${same.length} times in ${path} to the same value.`,
      place: { kind: "file", file: path, line: last.line, column: last.column },
      evidence: [`lines ${lines}`],
      facts: { key, line: String(first.line) },
    });
  });
}
