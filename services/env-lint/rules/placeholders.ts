import { createFinding } from "../../findings/create.ts";
import type { Finding } from "../../findings/finding.ts";
import { environmentOfFile } from "../file-name.ts";
import type { LintInput, Occurrence } from "../input.ts";
import { isNobodysServer, isPlaceholder } from "../placeholder.ts";
import { readServer } from "../server.ts";
import { createStack, lineOf, placeOf, subjectOf } from "../stack.ts";
import { isCredentialName } from "../words.ts";

/**
 * Values that were never filled in, and empty ones that hide a real one. Not reported: a placeholder that a higher layer
 * or a variable of the process replaces, templates (`.env.example`), `example.com` in files for tests and development or
 * where nothing connects to it (mail addresses), weak values such as `secret`, and an empty value that hides neither a
 * credential nor a URL.
 */
export function placeholders(input: LintInput): readonly Finding[] {
  return input.stacks.flatMap((files) =>
    [...createStack(files).values()].flatMap((occurrences) => judge(occurrences, input)),
  );
}

function judge(occurrences: readonly Occurrence[], { variables = {} }: LintInput): readonly Finding[] {
  const winner = occurrences.at(-1);
  if (winner === undefined || isReal(variables[winner.entry.key], winner.entry.key)) return [];
  const hidden = occurrences
    .slice(0, -1)
    .findLast((occurrence) => isReal(occurrence.value, occurrence.entry.key));
  if (stands(winner)) return [hidden === undefined ? placeholder(winner) : override(winner, hidden)];
  const matters =
    hidden !== undefined && (isCredentialName(hidden.entry.key) || readServer(hidden.value) !== undefined);
  return matters && winner.value.trim() === "" ? [emptied(winner, hidden)] : [];
}

const isReal = (value: string | undefined, key: string): boolean =>
  value !== undefined && value.trim() !== "" && !isPlaceholder(value) && !isNobodysServer(key, value);

function stands({ file, entry, value }: Occurrence): boolean {
  if (isPlaceholder(value)) return true;
  const environment = environmentOfFile(file.path);
  const forTests = environment === "test" || environment === "ci" || environment === "development";
  return !forTests && isNobodysServer(entry.key, value);
}

function placeholder(at: Occurrence): Finding {
  return createFinding({
    code: "ENV_PLACEHOLDER",
    subject: subjectOf(at),
    message: `${at.entry.key} in ${at.file.path} was never filled in: its value is a placeholder.`,
    place: placeOf(at),
    evidence: ["no other layer replaces it"],
    facts: { key: at.entry.key },
  });
}

function override(at: Occurrence, hidden: Occurrence): Finding {
  return createFinding({
    code: "ENV_PLACEHOLDER_OVERRIDE",
    subject: subjectOf(at),
    message: `A placeholder in ${at.file.path} hides the real value of ${at.entry.key} in ${hidden.file.path}.`,
    place: placeOf(at),
    evidence: [`real value: ${lineOf(hidden)}`, `placeholder: ${lineOf(at)}`],
    facts: { key: at.entry.key, other: hidden.file.path },
  });
}

function emptied(at: Occurrence, hidden: Occurrence): Finding {
  return createFinding({
    code: "ENV_EMPTY_OVERRIDE",
    subject: subjectOf(at),
    message: `${at.entry.key} is empty in ${at.file.path}, which hides the value in ${hidden.file.path}.`,
    place: placeOf(at),
    evidence: [`value: ${lineOf(hidden)}`, `empty: ${lineOf(at)}`],
    facts: { key: at.entry.key, other: hidden.file.path },
  });
}
