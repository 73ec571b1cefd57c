/** reports: a run's record in the formats of others: CI systems, test viewers, people; written without ever hiding the run's own result. */
import { normalize } from "node:path";
import { usageError } from "../../commands/cli-error.ts";
import { nearest } from "../../config/suggest.ts";

/** The formats of `--report`, with what each is for. */
export const REPORT_FORMATS = {
  json: "the record of the run, whole",
  junit: "JUnit XML: the tests' own results with each failure's attribution",
  tap: "TAP 14",
  github: "the summary of a GitHub step",
  gitlab: "dotenv variables for later jobs of GitLab",
  codequality: "the failures as GitLab's Code Quality report",
  markdown: "a comment for a pull request",
  allure: "Allure's categories.json",
} as const;

export type ReportFormat = keyof typeof REPORT_FORMATS;

/** One `--report`. */
export interface ReportRequest {
  readonly format: ReportFormat;
  /** As given; `-` is stdout. */
  readonly path: string;
}

const FORMATS = Object.keys(REPORT_FORMATS) as ReportFormat[];
const EXPECTED = `Expected --report FORMAT=PATH, FORMAT one of ${FORMATS.join(", ")}; PATH - is stdout.`;

/**
 * Reads one `--report`, such as `junit=out/greenlight.xml`.
 *
 * @throws {CliError} for an unknown format and a missing path (64).
 */
export function parseReportRequest(text: string): ReportRequest {
  const at = text.indexOf("=");
  const format = (at === -1 ? text : text.slice(0, at)).trim().toLowerCase();
  const path = at === -1 ? "" : text.slice(at + 1).trim();
  if (!isFormat(format)) {
    const close = nearest(format, FORMATS);
    const suggestion = close === undefined ? "" : ` Did you mean ${close}?`;
    throw usageError(`there is no report format ${JSON.stringify(shown(format))}.${suggestion}`, EXPECTED);
  }
  if (path === "") throw usageError(`--report ${format} names no file.`, EXPECTED);
  if (path.includes("\0"))
    throw usageError(`the path of --report ${format} holds a NUL character.`, EXPECTED);
  return { format, path };
}

/**
 * Reads all of them.
 *
 * @throws {CliError} as `parseReportRequest`, and for two that are to be written to the same place (64).
 */
export function parseReportRequests(texts: readonly string[]): readonly ReportRequest[] {
  const requests = texts.map(parseReportRequest);
  const taken = new Map<string, ReportFormat>();
  for (const { format, path } of requests) {
    const place = path === "-" ? path : normalize(path);
    const other = taken.get(place);
    if (other !== undefined) {
      const where = path === "-" ? "stdout" : path;
      throw usageError(`--report ${other} and --report ${format} are both to be written to ${where}.`);
    }
    taken.set(place, format);
  }
  return requests;
}

const isFormat = (text: string): text is ReportFormat => Object.hasOwn(REPORT_FORMATS, text);

const shown = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 39)}…`);
