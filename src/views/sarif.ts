import { createHash } from "node:crypto";
import type { Finding, Severity } from "../../services/findings/finding.ts";
import { type FindingCode, findingDefinition } from "../../services/findings/table.ts";

export interface SarifOptions {
  readonly findings: readonly Finding[];
  /** Greenlight's own. */
  readonly version: string;
  /** Put before each file, so that names are relative to the repository: `` or `services/a/`. */
  readonly prefix?: string;
  /** False when not everything could be looked at. */
  readonly complete?: boolean;
}

/** GitHub takes no more of one run. */
const MOST = 25_000;

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const HOMEPAGE_TAG = "greenlight";

/** Findings as SARIF 2.1.0, in the subset that GitHub's code scanning reads. The same findings give the same bytes. */
export function renderSarif({ findings, version, prefix = "", complete = true }: SarifOptions): string {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const seen = new Map<string, number>();
  const left = findings.length - MOST;
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "Greenlight", semanticVersion: version, rules: codes.map(toRule) },
        },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: complete,
            toolExecutionNotifications:
              left > 0
                ? [{ level: "warning", message: { text: `${left} more findings are left out.` } }]
                : [],
          },
        ],
        results: findings.slice(0, MOST).map((finding) => {
          const occurrence = (seen.get(finding.id) ?? 0) + 1;
          seen.set(finding.id, occurrence);
          return toResult(finding, { ruleIndex: codes.indexOf(finding.code), occurrence, prefix });
        }),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", note: "note" };

function toRule(code: FindingCode) {
  const { title, explanation, remedies, severity, owner } = findingDefinition(code);
  const steps = remedies.map((remedy, index) => `${index + 1}. ${generic(remedy)}`).join("\n");
  return {
    id: code,
    name: code,
    shortDescription: { text: title },
    fullDescription: { text: explanation },
    help: { text: `${explanation}\n\n${steps}`, markdown: `${explanation}\n\n${steps}` },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: [HOMEPAGE_TAG, owner] },
  };
}

/** A rule is about no file in particular. */
const generic = (remedy: string): string =>
  remedy.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());

interface ResultOptions {
  readonly ruleIndex: number;
  /** From 1, among the findings with the same id. */
  readonly occurrence: number;
  readonly prefix: string;
}

function toResult(finding: Finding, { ruleIndex, occurrence, prefix }: ResultOptions) {
  const { code, id, severity, message, evidence, remedies } = finding;
  const next = remedies[0] === undefined ? [] : [`Next: ${remedies[0]}`];
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 32);
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: [message, ...evidence, ...next].join("\n") },
    ...locationsOf(finding, prefix),
    // By the id and not by the line's text: the same fault stays the same alert wherever it moves to.
    partialFingerprints: {
      "greenlightFinding/v1": `${hash}:${occurrence}`,
      primaryLocationLineHash: `${hash}:${occurrence}`,
    },
  };
}

/** GitHub shows nothing without a file: what has none is about the whole folder. */
function locationsOf({ place }: Finding, prefix: string) {
  if (place === undefined || place.kind !== "file")
    return { locations: [{ logicalLocations: [{ name: place?.name ?? "environment" }] }] };
  const { file, line, column } = place;
  return {
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodePath(prefix + file), uriBaseId: "%SRCROOT%" },
          region: { startLine: line ?? 1, ...(column === undefined ? {} : { startColumn: column }) },
        },
      },
    ],
  };
}

const encodePath = (path: string): string => path.split("/").map(encodeURIComponent).join("/");
