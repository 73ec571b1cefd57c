import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { CommandContext } from "../commands/context.ts";
import { usageError } from "../commands/cli-error.ts";
import { reasonOf } from "./reports/report-fault.ts";
import { writeFileAtomic } from "./reports/write-file.ts";
import { type SarifOptions, renderSarif } from "./sarif.ts";
import { clean } from "./text.ts";
import { renderJson } from "./view-json.ts";

/** The formats of `--report` where findings are reported. */
export const FINDING_FORMATS = {
  json: "the same object as --json",
  sarif: "SARIF 2.1.0, for code scanning",
  codequality: "GitLab's Code Quality report",
} as const;

export type FindingFormat = keyof typeof FINDING_FORMATS;

export interface FindingReportRequest {
  readonly format: FindingFormat;
  readonly path: string;
}

const EXPECTED = `Expected --report FORMAT=PATH, FORMAT one of ${Object.keys(FINDING_FORMATS).join(", ")}.`;

/** @throws {CliError} for an unknown format, a missing path, and two reports to one place (64). */
export function parseFindingReports(texts: readonly string[]): readonly FindingReportRequest[] {
  const requests = texts.map((text) => {
    const [, format = "", path = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (!Object.hasOwn(FINDING_FORMATS, format))
      throw usageError(`${JSON.stringify(clean(text.slice(0, 80)))} names no report format.`, EXPECTED);
    if (path === "" || path.includes("\0")) throw usageError(`--report ${format} names no file.`, EXPECTED);
    return { format: format as FindingFormat, path };
  });
  const twice = requests.find(({ path }, index) =>
    requests.some((other, at) => at < index && other.path === path),
  );
  if (twice !== undefined) throw usageError(`two reports are to be written to ${clean(twice.path)}.`);
  return requests;
}

export interface FindingReportInput extends SarifOptions {
  /** What `--json` prints. */
  readonly result: { readonly schemaVersion: number };
}

/** Writes each; resolves with false when one could not be written, which is told on stderr. */
export async function writeFindingReports(
  { cwd, stderr }: Pick<CommandContext, "cwd" | "stderr">,
  requests: readonly FindingReportRequest[],
  input: FindingReportInput,
): Promise<boolean> {
  let whole = true;
  for (const { format, path } of requests) {
    try {
      await writeFileAtomic(resolve(cwd, path), [RENDER[format](input)]);
    } catch (error) {
      whole = false;
      stderr.write(
        `greenlight: the report ${format}=${clean(path)} was not written: ${clean(reasonOf(error))}.\n`,
      );
    }
  }
  return whole;
}

const RENDER: Readonly<Record<FindingFormat, (input: FindingReportInput) => string>> = {
  json: ({ result }) => renderJson(result),
  sarif: renderSarif,
  codequality: renderFindingCodeQuality,
};

const SEVERITY = { error: "major", warning: "minor", note: "info" } as const;

function renderFindingCodeQuality({ findings, prefix = "" }: FindingReportInput): string {
  const entries = findings.map(({ code, id, severity, message, place }) => ({
    description: message,
    check_name: code,
    fingerprint: createHash("sha256").update(id).digest("hex"),
    severity: SEVERITY[severity],
    location: {
      path: place?.kind === "file" ? prefix + place.file : (place?.name ?? "."),
      lines: { begin: place?.kind === "file" ? (place.line ?? 1) : 1 },
    },
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}
