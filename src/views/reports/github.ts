import { randomUUID } from "node:crypto";
import { appendFile, stat } from "node:fs/promises";
import type { CommandContext } from "../../commands/context.ts";
import { readVariable } from "../../config/interpolate.ts";
import type { RunRecord } from "../run-record.ts";
import { renderAnnotations } from "./github-commands.ts";
import { renderMarkdown } from "./markdown.ts";
import { SUMMARY_LIMIT } from "./render.ts";
import { renderGithubOutput } from "./run-variables.ts";
import { type ReportFault, reasonOf } from "./report-fault.ts";

type Context = Pick<CommandContext, "env" | "stderr">;

/**
 * Tells a job of GitHub Actions: annotations on stderr, which the runner reads as it reads stdout, the outputs and the
 * summary of the step. Never throws.
 */
export async function tellGithub(
  { env, stderr }: Context,
  record: RunRecord,
): Promise<readonly ReportFault[]> {
  stderr.write(renderAnnotations(record));
  const output = () => renderGithubOutput(record, `ghadelimiter_${randomUUID()}`);
  return [
    ...(await appendTo(env, "GITHUB_OUTPUT", output)),
    ...(await appendTo(env, "GITHUB_STEP_SUMMARY", (bytes) =>
      renderMarkdown(record, { limit: Math.max(0, SUMMARY_LIMIT - bytes) }),
    )),
  ];
}

/** Appends to the file that a variable names; `text` is told how long that is. */
async function appendTo(
  env: CommandContext["env"],
  name: string,
  text: (bytes: number) => string,
): Promise<readonly ReportFault[]> {
  const path = readVariable(env, name);
  if (path === undefined) return [];
  try {
    const bytes = await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    await appendFile(path, text(bytes));
    return [];
  } catch (error) {
    return [{ what: name, path, reason: reasonOf(error) }];
  }
}
