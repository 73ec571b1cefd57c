import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import { isTemplate } from "../file-name.ts";
import type { LintInput, Occurrence } from "../input.ts";
import { hasSecretShape, secretIn } from "../secret.ts";
import { lastOfEach, placeOf, subjectOf } from "../stack.ts";

/**
 * Secrets in files that version control keeps. Not reported: where it cannot be told what is kept; placeholders,
 * references to a store of secrets (`op://`, `projects/…/secrets/…`, `/run/secrets/…`), composed values, weak ones as
 * everybody has them on a laptop (`postgres`, `test-…`), passwords to this machine, short values and numbers. Of a
 * template only what has the shape of a real token is reported.
 */
export const secrets = ({ files, committed }: LintInput): readonly Finding[] =>
  committed === undefined
    ? []
    : files
        .filter(({ path }) => committed.has(path))
        .flatMap((file) => lastOfEach(file).flatMap((at) => judge(at)));

function judge(at: Occurrence): readonly Finding[] {
  const { key } = at.entry;
  if (at.composed || (isTemplate(at.file.path) && !hasSecretShape(at.value))) return [];
  const what = secretIn(key, at.value);
  if (what === undefined) return [];
  const holds = what === "what its name says" ? "looks like a secret" : `holds ${what}`;
  return [
    createFinding({
      code: "ENV_SECRET_COMMITTED",
      subject: subjectOf(at),
      message: `${key} ${holds}, and git keeps ${at.file.path}.`,
      place: placeOf(at),
      evidence: ["the file is tracked by git"],
      facts: { key },
    }),
  ];
}
