import { createFinding } from "../../services/findings/create.ts";
import type { LintFinding } from "../../services/lint/python/source-file.ts";
import type { FileFacts } from "./take-facts.ts";
import type { WalkFault } from "./walk.ts";

/** What kept files from being linted, as findings. */
export function faultFindings(facts: readonly FileFacts[], others: readonly Fault[]): readonly LintFinding[] {
  const ofFiles = facts.flatMap(({ path, fault }) => (fault === undefined ? [] : [{ path, ...fault }]));
  return [...others, ...ofFiles].map((fault) => ({ finding: toFinding(fault) }));
}

/** Of a walk, or of a file. */
export interface Fault {
  readonly code: WalkFault["code"] | NonNullable<FileFacts["fault"]>["code"];
  readonly path: string;
  readonly reason: string;
  readonly line?: number;
  readonly column?: number;
}

function toFinding({ code, path, reason, line, column }: Fault) {
  return createFinding({
    code,
    subject: path,
    message: `${path}${MESSAGES[code]}: ${reason}.`,
    place: {
      kind: "file",
      file: path,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    },
  });
}

const MESSAGES: Readonly<Record<Fault["code"], string>> = {
  LINT_SYNTAX_ERROR: " is not valid Python",
  LINT_UNREADABLE: " cannot be read",
  LINT_NOT_TEXT: " is not text in its encoding",
  LINT_TOO_LARGE: " is too large to lint",
  LINT_NOT_A_FILE: " is no regular file",
  LINT_LINK_LOOP: " is a link that leads in a circle",
  LINT_FAILED: " could not be linted",
};
