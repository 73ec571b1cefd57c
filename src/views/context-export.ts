import type { Detection } from "../../services/context/detect.ts";
import { clean } from "./text.ts";

export const EXPORT_FORMATS = ["dotenv", "github"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Not named GREENLIGHT_…: later commands would take for a statement what was a hint. */
function variablesOf(detection: Detection): Readonly<Record<string, string>> {
  const { environment, confidence, decidedBy, contradictions, mayWrite, indicators } = detection;
  return {
    CONTEXT_ENVIRONMENT: environment,
    CONTEXT_DECIDED_BY: decidedBy ?? "nothing",
    CONTEXT_CONFIDENCE: confidence.toFixed(2),
    CONTEXT_INDICATORS: `${indicators.agree}/${indicators.total}`,
    CONTEXT_CONTRADICTIONS: String(contradictions.length),
    CONTEXT_MAY_WRITE: String(mayWrite),
  };
}

/**
 * What to append to `$GITHUB_OUTPUT` or `$GITHUB_ENV`, or a dotenv report of GitLab, which knows no quotes and expands
 * variables in values.
 *
 * @param delimiter for GitHub: one that no value can know
 */
export function renderExport(detection: Detection, format: ExportFormat, delimiter: string): string {
  return Object.entries(variablesOf(detection))
    .map(([name, value]) =>
      format === "github"
        ? `${name}<<${delimiter}\n${clean(value)}\n${delimiter}\n`
        : `${name}=${value.replaceAll(/[^\w .,:/@+-]/g, "")}\n`,
    )
    .join("");
}
