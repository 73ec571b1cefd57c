import { writeReport } from "../views/write.ts";
import { numberSteps } from "../views/report.ts";
import { createCandidates, selectNamed } from "./candidates.ts";
import { usageError } from "./cli-error.ts";
import { climbAll } from "./climb.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { judge } from "./verdict.ts";

export interface CheckOptions extends OutputOptions {
  readonly urls: readonly string[];
  readonly config?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly only?: readonly string[];
  /** A service to compare with, for `both`. */
  readonly url?: string;
  readonly both?: boolean;
}

/** One round from here, without a service. Resolves with the exit code. */
export async function check(context: CommandContext, options: CheckOptions): Promise<number> {
  const { urls, config, timeout, only } = options;
  if (options.both === true) return (await import("./check-both.ts")).checkBoth(context, options);
  if (options.url !== undefined) {
    throw usageError(
      "--url goes with --both; check looks from here.",
      "To ask a service alone: greenlight why --url …",
    );
  }
  if (urls.length > 0 && config !== undefined) throw usageError("give URLs or --config, not both.");
  const all = await createCandidates(context, { urls, config, timeoutMs: timeout });
  const candidates = only === undefined ? all : selectNamed(all, [...new Set(only)]);
  const dependencies = await climbAll(candidates, context.signal);
  const { verdict, exitCode, summary } = judge(dependencies);
  writeReport(context, options, {
    schemaVersion: 1,
    command: "check",
    vantage: { kind: "here" },
    verdict,
    exitCode,
    summary,
    dependencies,
    nextSteps: numberSteps(dependencies),
  });
  return exitCode;
}
