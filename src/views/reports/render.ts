import type { Redact } from "../../../services/redact.ts";
import type { RunRecord } from "../run-record.ts";
import { renderJson } from "../view-json.ts";
import type { ReportFormat } from "./request.ts";
import type { Parts } from "./write-file.ts";

/** Of a step's summary, in bytes: GitHub takes 1 MiB. */
export const SUMMARY_LIMIT = 1_000_000;

export interface RenderInput {
  readonly record: RunRecord;
  /** What the record's texts went through. */
  readonly redact: Redact;
}

/** The parts of a report. What a format needs is loaded when it is asked for. */
export async function renderReport(format: ReportFormat, { record, redact }: RenderInput): Promise<Parts> {
  switch (format) {
    case "json":
      return [renderJson(record)];
    case "junit":
      return (await import("./junit.ts")).renderJunit(record, redact);
    case "tap":
      return (await import("./tap.ts")).renderTap(record);
    case "github":
      return [(await import("./markdown.ts")).renderMarkdown(record, { limit: SUMMARY_LIMIT })];
    case "markdown": {
      const { COMMENT_LIMIT, renderMarkdown } = await import("./markdown.ts");
      return [renderMarkdown(record, { limit: COMMENT_LIMIT })];
    }
    case "gitlab":
      return [(await import("./run-variables.ts")).renderDotenv(record)];
    case "codequality":
      return [(await import("./code-quality.ts")).renderCodeQuality(record)];
    case "allure":
      return [(await import("./allure.ts")).renderAllureCategories(record)];
    default:
      throw new TypeError(`no report ${JSON.stringify(format satisfies never)}`);
  }
}
