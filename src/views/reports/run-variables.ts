import type { RunRecord } from "../run-record.ts";
import { clean } from "../text.ts";

/** What later steps and jobs ask of a run; names in small letters, values of one line. */
export function runVariables(record: RunRecord): Readonly<Record<string, string>> {
  const { suite, outcome, exitCode, gate, triage, fingerprint } = record;
  const { counts, byAttribution } = triage ?? {};
  return {
    suite,
    verdict: gate.verdict,
    outcome,
    exit_code: String(exitCode),
    environment: fingerprint.environment,
    release: fingerprint.release ?? "",
    waited_ms: String(Math.round(gate.waitedMs)),
    incidents: String(record.incidents.length),
    tests: String(counts?.total ?? 0),
    passed: String(counts?.passed ?? 0),
    failed: String(counts?.failed ?? 0),
    skipped: String(counts?.skipped ?? 0),
    failed_environment: String(byAttribution?.environment ?? 0),
    failed_test: String(byAttribution?.test ?? 0),
    failed_mixed: String(byAttribution?.mixed ?? 0),
    failed_undetermined: String(byAttribution?.undetermined ?? 0),
  };
}

const LONGEST = 200;

/**
 * For `$GITHUB_OUTPUT`. The delimiter must be one that no value can know.
 */
export function renderGithubOutput(record: RunRecord, delimiter: string): string {
  return Object.entries(runVariables(record))
    .map(([name, value]) => `${name}<<${delimiter}\n${clean(value).slice(0, LONGEST)}\n${delimiter}\n`)
    .join("");
}

/**
 * GitLab's dotenv report. Not named GREENLIGHT_…: later jobs would configure Greenlight by them. GitLab expands
 * variables in values and knows no quotes, so that everything but plain characters is left out.
 */
export function renderDotenv(record: RunRecord): string {
  return Object.entries(runVariables(record))
    .map(([name, value]) => `GATE_${name.toUpperCase()}=${plain(value)}\n`)
    .join("");
}

const plain = (value: string): string =>
  value
    .replaceAll(/[^\w .,:/@+-]/g, "")
    .trim()
    .slice(0, LONGEST);
