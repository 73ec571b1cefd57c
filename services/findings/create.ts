import type { Finding, Place, Severity } from "./finding.ts";
import { type FindingCode, findingDefinition } from "./table.ts";

export interface CreateFindingInput {
  readonly code: FindingCode;
  /** What it is about, the same in every run: a key, a file and a key, a marker. */
  readonly subject: string;
  readonly message: string;
  readonly place?: Place;
  readonly evidence?: readonly string[];
  /** Default: the table's. */
  readonly severity?: Severity;
  /** What the table's remedies leave to be filled in, beside `subject` and `file`. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** A finding with what the table knows of its code. */
export function createFinding(input: CreateFindingInput): Finding {
  const { code, subject, message, place, evidence = [], facts = {} } = input;
  const { severity, owner, remedies } = findingDefinition(code);
  const file = place?.kind === "file" ? place.file : undefined;
  const known = { subject, ...(file === undefined ? {} : { file }), ...facts };
  return {
    code,
    id: `${code}:${subject}`,
    severity: input.severity ?? severity,
    message,
    ...(place === undefined ? {} : { place }),
    evidence,
    owner,
    remedies: remedies.map((remedy) => fillIn(remedy, known)),
  };
}

const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

/** The worst first, then by id, so that the same faults are always told in the same order. */
export function compareFindings(a: Finding, b: Finding): number {
  const bySeverity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  if (bySeverity !== 0) return bySeverity;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** What nobody handed over stays as it is written. */
function fillIn(text: string, facts: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(facts, name) ? (facts[name] ?? whole) : whole,
  );
}
