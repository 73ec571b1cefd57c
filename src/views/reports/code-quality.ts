import { createHash } from "node:crypto";
import type { Attribution } from "../../../services/triage/result.ts";
import type { RunRecord } from "../run-record.ts";

/** What is not the product's fault is worth less attention in a merge request. */
const SEVERITY: Readonly<Record<Attribution, string>> = {
  test: "major",
  mixed: "major",
  undetermined: "minor",
  environment: "info",
};

/** The red tests as GitLab's Code Quality report. */
export function renderCodeQuality({ triage }: RunRecord): string {
  const entries = (triage?.judged ?? []).map(({ test, attribution, because }) => ({
    description: `${test.name}: ${because}`,
    check_name: `greenlight/${attribution}`,
    fingerprint: createHash("sha256").update(test.id).digest("hex"),
    severity: SEVERITY[attribution],
    location: { path: test.file ?? (test.classname || test.suite), lines: { begin: test.line ?? 1 } },
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}
