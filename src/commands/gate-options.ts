/** The options that `wait` and `run` share, with their readers. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { formatDuration, parseDuration } from "../../services/duration.ts";
import { usageError } from "./cli-error.ts";
import type { OutputOptions } from "./context.ts";
import { CONFIG, withOutput } from "./help-text.ts";

/** As read from the command line; durations in ms. */
export interface GateOptions extends OutputOptions {
  readonly suite?: string;
  /** Another word for `suite`. */
  readonly category?: string;
  readonly url?: string;
  readonly config?: string;
  readonly timeout: number;
  readonly stable?: number;
  readonly grace?: number;
  readonly exclusive?: boolean;
  readonly strictValidation?: boolean;
  readonly dryRun?: boolean;
  readonly verbose?: boolean;
  /** As given: `junit=out.xml`. */
  readonly report: readonly string[];
  /** False with `--no-ci`: a CI system is told nothing that was not asked for. */
  readonly ci?: boolean;
  readonly release?: string;
}

export interface WaitCommandOptions extends GateOptions {
  readonly urls: readonly string[];
  readonly invert?: boolean;
}

export interface RunCommandOptions extends GateOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Patterns of the files that the suite writes. */
  readonly junit: readonly string[];
  /** End the suite when a required dependency has been down for so long, in ms; absent: never. */
  readonly abortOnUnfit?: number;
  /** False with `--no-inject`: the suite's own command is not changed to have it write a report. */
  readonly inject: boolean;
  /** Let the command have GREENLIGHT_TOKEN, which is not its own. */
  readonly passToken?: boolean;
}

const WINDOW_MS = { min: 0, max: 600_000 };
const TIMEOUT_MS = { min: 1, max: 86_400_000 };

/** Adds them, in the order in which the help shows them. */
export function withGateOptions(command: Command): Command {
  return withOutput(
    command
      .option("-s, --suite <name>", "the suite to be fit for; default: all")
      .option("--category <name>", "the same as --suite")
      .option("-u, --url <url>", "ask this service instead of looking from here; default: GREENLIGHT_URL")
      .option("-c, --config <path>", CONFIG)
      .addOption(
        new Option("-t, --timeout <duration>", "longest wait")
          .argParser(durationReader(TIMEOUT_MS))
          .default(300_000, "5m"),
      )
      .option(
        "--stable <duration>",
        "how long all must have been fit at the same moment; default: the suite's own, 3s",
        durationReader(WINDOW_MS),
      )
      .option(
        "--grace <duration>",
        "for this long, wait for what waiting cannot cure too, such as a host that is still being deployed; default: the suite's own, 0s",
        durationReader(WINDOW_MS),
      )
      .option("--exclusive", "have the environment for this run alone; needs a service")
      .option(
        "--strict-validation",
        "end with a stop for errors in configuration and context too, those of the service and those found here",
      )
      .option("--dry-run", "say what would be checked and what would be decided now; runs nothing")
      .option("-v, --verbose", "one line for each look")
      .option("--release <name>", "what is deployed there, for the reports; default: GREENLIGHT_RELEASE")
      .option(
        "--report <format=path>",
        "write a report too, such as junit=out.xml (json, junit, tap, github, gitlab, codequality, markdown, allure); can be repeated",
        collect,
      )
      .option(
        "--no-ci",
        "in a job of GitHub Actions, write no annotations, outputs or summary that were not asked for",
      ),
  );
}

/** The suite that was asked for by either name. @throws {CliError} for two of different names. */
export function suiteOf({ suite, category }: Pick<GateOptions, "suite" | "category">): string {
  if (suite !== undefined && category !== undefined && suite !== category)
    throw usageError("--suite and --category are the same option, and name different suites.");
  const name = suite ?? category ?? "all";
  if (name === "") throw usageError("the name of the suite is empty.");
  return name;
}

/** For options that can be repeated. */
export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  value,
];

/** Reads a duration with its unit, within these limits in ms. */
export function durationReader({ min, max }: { readonly min: number; readonly max: number }) {
  return (text: string): number => {
    const ms = parseDuration(text);
    if (ms >= min && ms <= max) return ms;
    throw new InvalidArgumentError(
      Number.isNaN(ms)
        ? "Expected a duration with its unit, such as 500ms, 10s or 2m."
        : `Expected a duration from ${formatDuration(min)} to ${formatDuration(max)}.`,
    );
  };
}
