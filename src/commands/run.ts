import process from "node:process";
import { randomUUID } from "node:crypto";
import { childEnvironment } from "../gate/child-environment.ts";
import { findProgram } from "../gate/child-program.ts";
import { type DryRun, dryRun } from "../gate/dry-run.ts";
import { type GateWait, waitAtGate } from "../gate/gate-wait.ts";
import { openWatch } from "../gate/open-watch.ts";
import { recognisePytest } from "../gate/pytest/head.ts";
import { recordRun } from "../gate/run-after.ts";
import { prepareResults } from "../gate/run-results.ts";
import { runSuite } from "../gate/run-suite.ts";
import { waitRecord } from "../gate/wait-record.ts";
import type { Watch } from "../gate/watch.ts";
import { parseReportRequests, type ReportRequest } from "../views/reports/request.ts";
import type { RunRecord } from "../views/run-record.ts";
import { tellRun } from "./tell-run.ts";
import { CliError, usageError } from "./cli-error.ts";
import type { CommandContext } from "./context.ts";
import { createConfigReader } from "./read-config.ts";
import { type RunCommandOptions, suiteOf } from "./gate-options.ts";

/** Waits until a suite may start, runs it, and says whose fault a red run is. Resolves with the exit code. */
export async function run(context: CommandContext, options: RunCommandOptions): Promise<number> {
  const requests = parseReportRequests(options.report);
  const program = programOf(context, options);
  const suite = suiteOf(options);
  const startedAt = Date.now();
  const readConfig = createConfigReader(context, options.config);
  const watch = await openWatch(context, { ...options, suite, readConfig });
  try {
    if (options.dryRun === true) {
      const end = await dryRun(context, watch, { ...options, readConfig });
      return await tellRun(context, options, { record: await recordOf(watch, end, startedAt), requests: [] });
    }
    const gate = await waitAtGate(context, watch, { ...options, readConfig });
    if (gate.outcome !== "passed") {
      return await tellRun(context, options, { record: await recordOf(watch, gate, startedAt), requests });
    }
    return await runFit(context, options, { watch, gate, program, requests, startedAt });
  } finally {
    await watch.close();
  }
}

interface Fit {
  readonly watch: Watch;
  readonly gate: GateWait;
  readonly program: string;
  readonly requests: readonly ReportRequest[];
  /** Wall clock, ms. */
  readonly startedAt: number;
}

async function runFit(
  context: CommandContext,
  options: RunCommandOptions,
  { watch, gate, program, requests, startedAt }: Fit,
): Promise<number> {
  const { command, junit, inject, abortOnUnfit, passToken = false, json } = options;
  const { verdict } = gate.seen.evaluation;
  const runId = randomUUID();
  const pytest = recognisePytest(command);
  const results = await prepareResults(context, { patterns: junit, pytest, inject });
  try {
    context.signal.throwIfAborted();
    context.stderr.write(`greenlight: ${gate.summary}\n`);
    const ran = await runSuite(context, {
      watch,
      program,
      command,
      env: childEnvironment(context.env, {
        suite: watch.suite,
        verdict,
        runId,
        passToken,
        injected: results.env,
      }),
      runId,
      stdout: json === true || requests.some(({ path }) => path === "-") ? "stderr" : "stdout",
      host: process,
      abortAfterMs: abortOnUnfit,
    });
    const record = await recordRun(context, {
      watch,
      ran,
      reports: await results.collect(),
      pytest: pytest.kind === "pytest",
      command,
      base: await recordOf(watch, gate, startedAt),
    });
    return await tellRun(context, options, { record, requests });
  } finally {
    await results.close();
  }
}

/** @throws {CliError} 64 without a command; 126 or 127 for one that cannot be started, before anything is waited for. */
function programOf({ env, cwd }: CommandContext, { command }: RunCommandOptions): string {
  const [name] = command;
  if (name === undefined) {
    throw usageError(
      "there is no command to run.",
      "Put it behind two dashes: greenlight run --suite e2e -- pytest",
    );
  }
  const found = findProgram(name, { cwd, path: env.PATH });
  if (found.kind === "found") return found.path;
  const { exitCode, message, hint } = found.failure;
  throw new CliError(exitCode, message, { hint });
}

const recordOf = (watch: Watch, end: GateWait | DryRun, startedAt: number): Promise<RunRecord> =>
  waitRecord(watch, end, { command: "run", startedAt });
