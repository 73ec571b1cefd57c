import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import type { LintInput } from "../input.ts";

/** What the parser of the file's dialect could not read. One finding for each code and file, or the same line of it. */
export function fileFaults({ files }: LintInput): readonly Finding[] {
  return files.flatMap(({ path, faults }) => {
    const codes = [...new Set(faults.map(({ code }) => code))];
    return codes.flatMap((code) => {
      const all = faults.filter((fault) => fault.code === code);
      const [first] = all;
      if (first === undefined) return [];
      const { line, column, expected, found, encoding, effect } = first;
      const place = {
        kind: "file",
        file: path,
        ...(line !== undefined && { line }),
        ...(column !== undefined && { column }),
      } as const;
      const more = all
        .slice(1, MOST)
        .flatMap((fault) => (fault.line === undefined ? [] : `line ${fault.line}: ${fault.found}`));
      return createFinding({
        code,
        subject: path,
        place,
        message: `${path}${line === undefined ? "" : `:${line}`}: expected ${expected}, found ${found}.`,
        evidence: [EFFECTS[effect], ...more],
        ...(encoding !== undefined && { facts: { encoding } }),
      });
    });
  });
}

/** Nobody looks at more lines. */
const MOST = 20;

const EFFECTS = {
  "line-ignored": "the line is passed over",
  "read-differently": "the value is read otherwise than it looks",
  "file-refused": "nothing of the file is used",
} as const;
