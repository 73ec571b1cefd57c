import { writeReport } from "../views/write.ts";
import { numberSteps } from "../views/report.ts";
import { collectForCheck, withFindings } from "./check-findings.ts";
import { createCandidates, selectNamed } from "./candidates.ts";
import { usageError } from "./cli-error.ts";
import { climbAll } from "./climb.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import { createConfigReader } from "./read-config.ts";
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
  readonly strictValidation?: boolean;
}

/** One round from here, without a service. Resolves with the exit code. */
export async function check(context: CommandContext, options: CheckOptions): Promise<number> {
  const { urls, config, timeout, only } = options;
  if (options.both === true && options.strictValidation === true)
    throw usageError("--strict-validation has no use with --both, which compares how two see the servers.");
  if (options.both === true) return (await import("./check-both.ts")).checkBoth(context, options);
  if (options.url !== undefined) {
    throw usageError(
      "--url goes with --both; check looks from here.",
      "To ask a service alone: greenlight why --url …",
    );
  }
  if (urls.length > 0 && config !== undefined) throw usageError("give URLs or --config, not both.");
  const readConfig = createConfigReader(context, config);
  const all = await createCandidates(readConfig, { urls, timeoutMs: timeout });
  const candidates = only === undefined ? all : selectNamed(all, [...new Set(only)]);
  const dependencies = await climbAll(candidates, context.signal);
  const report = withFindings(
    {
      schemaVersion: 1,
      command: "check",
      vantage: { kind: "here" },
      ...judge(dependencies),
      dependencies,
      nextSteps: numberSteps(dependencies),
    },
    await collectForCheck(context, { ...options, readConfig }),
  );
  writeReport(context, options, report);
  return report.exitCode;
}
