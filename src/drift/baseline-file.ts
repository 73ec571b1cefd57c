import { resolve } from "node:path";
import { type Baseline, formatBaseline } from "../../services/drift/baseline.ts";
import { filePlace } from "../../services/drift/findings.ts";
import { parseBaseline } from "../../services/drift/parse-baseline.ts";
import { createFinding } from "../../services/findings/create.ts";
import type { Finding } from "../../services/findings/finding.ts";
import { CliError } from "../commands/cli-error.ts";
import { fileErrorCode } from "../config/file-error.ts";
import type { NamedPath } from "../config/drift.ts";
import { EXIT } from "../exit-codes.ts";
import { writeFileAtomic } from "../views/reports/write-file.ts";
import { readText } from "./read-text.ts";

export type LoadedBaseline =
  | { readonly kind: "loaded"; readonly baseline: Baseline; readonly text: string }
  | { readonly kind: "missing"; readonly finding: Finding }
  | { readonly kind: "invalid"; readonly finding: Finding };

/** The baseline as it stands in its file. */
export async function loadBaseline(
  file: NamedPath,
  cwd: string,
  signal?: AbortSignal,
): Promise<LoadedBaseline> {
  const { shown } = file;
  const read = await readText(resolve(cwd, file.path), signal);
  if (!read.ok && read.code === "ENOENT") {
    const message = `There is no baseline at ${shown}.`;
    return {
      kind: "missing",
      finding: createFinding({ code: "DRIFT_BASELINE_MISSING", subject: shown, message }),
    };
  }
  const parsed = read.ok ? parseBaseline(read.text) : read;
  if (read.ok && "baseline" in parsed) return { kind: "loaded", baseline: parsed.baseline, text: read.text };
  const { line, column, expected, found } = parsed as Exclude<typeof parsed, { ok: true }>;
  const where = [shown, line, column].filter((part) => part !== undefined).join(":");
  const finding = createFinding({
    code: "DRIFT_BASELINE_INVALID",
    subject: shown,
    message: `${where} is no baseline: expected ${expected}, found ${found}.`,
    place: filePlace(shown, line, column),
  });
  return { kind: "invalid", finding };
}

export interface WriteBaselineInput {
  readonly file: NamedPath;
  readonly cwd: string;
  readonly baseline: Baseline;
  /** The text it is made from, which must still be there; absent: it does not matter what is there. */
  readonly from?: string;
}

/**
 * Writes the file whole or not at all, and only when it would be another.
 *
 * @returns whether it was written
 * @throws {CliError} when it cannot be written (73), or somebody else has written it meanwhile (75).
 */
export async function writeBaseline({ file, cwd, baseline, from }: WriteBaselineInput): Promise<boolean> {
  const path = resolve(cwd, file.path);
  const text = formatBaseline(baseline);
  const now = await readText(path);
  if (now.ok && now.text === text) return false;
  if (from !== undefined && (!now.ok || now.text !== from)) {
    throw new CliError(EXIT.temporary, `${file.shown} was changed meanwhile; nothing was written.`, {
      hint: "Look at what changed, and run it again.",
    });
  }
  try {
    await writeFileAtomic(path, [text]);
  } catch (error) {
    throw new CliError(EXIT.cannotCreate, `${file.shown} cannot be written (${fileErrorCode(error)}).`, {
      cause: error,
    });
  }
  return true;
}
