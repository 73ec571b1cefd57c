import { relative, resolve, sep } from "node:path";
import { systemClock } from "../../services/clock.ts";
import type { Dialect } from "../../services/env-files/dialect.ts";
import type { Finding, Severity } from "../../services/findings/finding.ts";
import { judgeFindings } from "../../services/waivers/judge.ts";
import type { Waiver } from "../../services/waivers/waiver.ts";
import type { Config } from "../config/config.ts";
import { readConfigFile } from "../config/file.ts";
import { formatFaults } from "../config/format.ts";
import { loadEnvFiles } from "../config/load-env-files.ts";
import { loadConfig } from "../config/load.ts";
import { discoverEnvFiles } from "../env-lint/discover.ts";
import { type FileToLint, lintFiles, type LintFilesInput } from "../env-lint/lint-files.ts";
import { EXIT } from "../exit-codes.ts";
import { findRepository } from "../lint/project.ts";
import { readVersion } from "../version.ts";
import { renderEnvLint } from "../views/env-lint-human.ts";
import { toEnvLintReport } from "../views/env-lint-report.ts";
import { renderFindingAnnotations } from "../views/finding-annotations.ts";
import { parseFindingReports, writeFindingReports } from "../views/finding-reports.ts";
import { renderSarif } from "../views/sarif.ts";
import { writeResult } from "../views/write.ts";
import { CliError, usageError } from "./cli-error.ts";
import type { CommandContext, OutputOptions } from "./context.ts";

export interface ConfigLintOptions extends OutputOptions {
  readonly files: readonly string[];
  readonly config?: string;
  readonly dialect?: Dialect;
  readonly source?: readonly string[];
  readonly sarif?: boolean;
  readonly failOn: Severity;
  readonly report?: readonly string[];
  /** False with `--no-ci`. */
  readonly ci?: boolean;
}

/** Lints env files. Resolves with 65 when something as severe as `--fail-on` is open. */
export async function configLint(context: CommandContext, options: ConfigLintOptions): Promise<number> {
  const { json, sarif } = options;
  const requests = parseFindingReports(options.report ?? []);
  if (json === true && sarif === true) throw usageError("--json and --sarif both write to stdout: give one.");
  const settings = await readSettings(context, options.config);
  const what = await whatToLint(context, options, settings);
  const { env, signal } = context;
  const linted = await lintFiles({
    ...what,
    ...(settings.labels !== undefined && { labels: settings.labels }),
    ...(settings.environment !== "unknown" && { environment: settings.environment }),
    now: systemClock.now(),
    env,
    signal,
  });
  const judged = judge(linted.findings, { waivers: settings.waivers, whole: options.files.length === 0 });
  const result = toEnvLintReport({ linted, judged, sources: what.sources });
  const prefix = await prefixOf(what.directory);
  const shared = { findings: result.findings, version: readVersion(), prefix };
  if (sarif === true) context.stdout.write(renderSarif(shared));
  else writeResult(context, options, { result, human: renderEnvLint });
  if (options.ci !== false && env.GITHUB_ACTIONS === "true")
    context.stderr.write(renderFindingAnnotations(result.findings, prefix));
  const whole = await writeFindingReports(context, requests, { ...shared, result });
  const severities: readonly Severity[] = ["error", "warning", "note"];
  const counted = severities.slice(0, severities.indexOf(options.failOn) + 1);
  if (counted.some((severity) => result.counts[severity] > 0)) return EXIT.findings;
  return whole ? EXIT.ok : EXIT.cannotCreate;
}

type Settings = Pick<Config, "envFiles" | "waivers" | "environment"> & Pick<LintFilesInput, "labels">;

/**
 * What of the configuration matters here. Where the rest of it is wrong, such as a variable that is not set in a job that
 * only lints, the layers still count, and waivers do not.
 */
async function readSettings(context: CommandContext, path: string | undefined): Promise<Settings> {
  const { env, cwd, stderr } = context;
  const read = await readConfigFile({ env, cwd, path });
  if (!read.ok) throw new CliError(EXIT.config, formatFaults(read.faults));
  const loaded = await loadConfig({ env, file: read.file });
  if (loaded.ok) {
    const { envFiles, waivers, environment } = loaded.config;
    return { envFiles, waivers, environment, labels: loaded.config.context.labels };
  }
  const layers = await loadEnvFiles({ env, file: read.file });
  if (!layers.ok) throw new CliError(EXIT.config, formatFaults(layers.faults));
  const { envFiles, environment } = layers;
  stderr.write(
    `greenlight: the configuration has faults elsewhere, so no waiver counts; greenlight config check shows them.\n`,
  );
  return { envFiles, waivers: [], environment, labels: {} };
}

interface What {
  readonly directory: string;
  readonly files: readonly FileToLint[];
  readonly declared: boolean;
  readonly sources: readonly string[];
}

/** The files that are named, else the declared layers, else the env files of this folder. */
async function whatToLint(
  { cwd }: CommandContext,
  options: ConfigLintOptions,
  settings: Settings,
): Promise<What> {
  const { layers, declared, directory, sources } = settings.envFiles;
  const dialectOf = (path: string): Dialect =>
    options.dialect ??
    layers.find((layer) => resolve(cwd, directory, layer.path) === resolve(cwd, path))?.dialect ??
    "dotenv";
  const isNamed = options.files.length > 0;
  const home = isNamed || !declared ? cwd : resolve(cwd, directory);
  const files =
    isNamed || !declared
      ? (isNamed ? options.files : await discoverEnvFiles(cwd)).map((path) => ({
          path: path.split(sep).join("/"),
          dialect: dialectOf(path),
          required: true,
        }))
      : layers.map(({ path, dialect, required }) => ({ path, dialect, required }));
  const roots =
    options.source ?? sources.map((source) => relative(home, resolve(cwd, directory, source)) || ".");
  return { directory: home, files, declared: !isNamed && declared, sources: roots };
}

interface Waivers {
  readonly waivers: readonly Waiver[];
  /** Whether all was looked at, so that a waiver of nothing is one too many. */
  readonly whole: boolean;
}

/** Only waivers of env files are asked for here. */
function judge(findings: readonly Finding[], { waivers, whole }: Waivers) {
  const own = waivers.filter(({ finding }) => finding.startsWith("ENV_"));
  const source = { name: "environment", status: "collected", findings } as const;
  return judgeFindings({
    snapshot: { sources: [source], findings, complete: whole },
    waivers: own,
    now: systemClock.now(),
  });
}

/** What makes names relative to the folder relative to the repository, as code scanning wants them. */
async function prefixOf(directory: string): Promise<string> {
  const repository = await findRepository(directory);
  const path = repository === undefined ? "" : relative(repository, directory).split(sep).join("/");
  return path === "" ? "" : `${path}/`;
}
