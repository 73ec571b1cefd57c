/** The command table: names, arguments, help. What a command does is loaded when it runs. */
import { Command, InvalidArgumentError } from "commander";
import { LONGEST_TIMER_MS, parseDuration } from "../../services/duration.ts";
import { EXIT } from "../exit-codes.ts";
import { readVersion } from "../version.ts";
import { addAuth } from "./auth-commands.ts";
import { addContext } from "./context-command.ts";
import type { CommandContext, OutputOptions } from "./context.ts";
import type { CheckOptions } from "./check.ts";
import type { ConfigCheckOptions } from "./config-check.ts";
import { addConfigLint } from "./config-lint-command.ts";
import { addDeployment } from "./deployment-command.ts";
import { addDrift } from "./drift-commands.ts";
import { addEnvFiles } from "./env-commands.ts";
import { addGate } from "./gate-commands.ts";
import { exampleHelp, exitCodeHelp, withOutput } from "./help-text.ts";
import { addInit } from "./init-command.ts";
import { addLint } from "./lint-commands.ts";
import { addPlan } from "./plan-commands.ts";
import { addRemediation } from "./remediation-commands.ts";
import { addReport } from "./report-commands.ts";
import type { WhyOptions } from "./why.ts";

export interface ServeOptions {
  readonly config?: string;
  readonly port?: number;
}

export interface ProgramActions {
  /** Runs a command that resolves with its exit code. */
  readonly run: (work: (context: CommandContext) => Promise<number>) => Promise<void>;
  /** Runs the service; it sets the exit code itself. */
  readonly serve: (options: ServeOptions) => Promise<void>;
  readonly healthcheck: () => Promise<void>;
}

/** Makes the parser. Nothing runs before `parseAsync`. */
export function createProgram(actions: ProgramActions): Command {
  const program = new Command("greenlight")
    .description("Is this environment fit to be tested, and if not, why, and what puts it right?")
    .version(readVersion(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show help for a command")
    .showHelpAfterError("Run with --help to see what is possible.")
    .addHelpText("after", exitCodeHelp())
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight check --config greenlight.yaml",
        "greenlight check postgres://app@db.internal/app redis://cache.internal",
        "greenlight why postgres",
        "greenlight explain CONNECT_REFUSED",
      ]),
    );
  addServe(program, actions);
  addCheck(program, actions);
  addWhy(program, actions);
  addGate(program, actions.run);
  addContext(program, actions.run);
  addExplain(program, actions);
  addAuth(program, actions.run);
  addPlan(program, actions.run);
  addRemediation(program, actions.run);
  addReport(program, actions.run);
  addConfig(program, actions);
  addLint(program, actions.run);
  addInit(program, actions.run);
  addHealthcheck(program, actions);
  return program;
}

function addServe(program: Command, { serve }: ProgramActions): void {
  program
    .command("serve")
    .description("run the service: observe the dependencies and answer over HTTP")
    .option("-c, --config <path>", CONFIG)
    .option("-p, --port <number>", "port to listen on; wins over PORT and the file", readPort)
    .addHelpText("after", SERVE_EXIT_CODES)
    .action((options: ServeOptions) => serve(options));
}

function addCheck(program: Command, { run }: ProgramActions): void {
  const check = withOutput(
    program.command("check").description("look at every dependency once, from here, without a service"),
  );
  addDeployment(check, run);
  check
    .argument(
      "[urls...]",
      "postgres://, clickhouse://, http(s):// (ClickHouse), redis://, ws(s)://, tcp://, tls://; default: what is configured",
    )
    .option("-c, --config <path>", CONFIG)
    .option("-t, --timeout <duration>", "longest time for one dependency, such as 10s", readDuration)
    .option("--only <names>", "only these, separated by commas", readNames)
    .option("--both", "look from here and ask a service too, and say where the two differ")
    .option("-u, --url <url>", "the service for --both; default: GREENLIGHT_URL")
    .option("--strict-validation", "end with a stop for errors in configuration and context too")
    .addHelpText("after", exitCodeHelp([EXIT.ok, EXIT.usage, EXIT.unavailable, EXIT.temporary, EXIT.config]))
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight check                              # DATABASE_URL, AUTH_URL, … or greenlight.yaml",
        "greenlight check --only postgres --json",
        'greenlight check "$DATABASE_URL" "$REPLICA_URL"',
        "greenlight check --both --url https://greenlight.example   # is it down, or not reached from here?",
      ]),
    )
    .addHelpText(
      "after",
      "\nA password in an argument shows in the machine's list of processes; a variable does not.",
    )
    .action((urls: string[], options: Omit<CheckOptions, "urls">) =>
      run(async (context) => (await import("./check.ts")).check(context, { ...options, urls })),
    );
}

function addWhy(program: Command, { run }: ProgramActions): void {
  withOutput(
    program
      .command("why")
      .description("explain what does not pass, from the symptom down to the root cause, and the next steps"),
  )
    .argument(
      "[name]",
      "a dependency or a suite; default: all dependencies that do not pass, or all when all pass",
    )
    .option("-u, --url <url>", "ask this service instead of looking from here; default: GREENLIGHT_URL")
    .option("-c, --config <path>", CONFIG)
    .option("--tests <folder>", "lint the tests in it too, for a suite that fails by its own code")
    .addHelpText("after", "\nA token is sent when the service wants one; greenlight auth whoami says which.")
    .addHelpText("after", "\nExits with 0 when it could explain, whatever it found.")
    .addHelpText(
      "after",
      exitCodeHelp([EXIT.usage, EXIT.unavailable, EXIT.temporary, EXIT.noPermission, EXIT.config]),
    )
    .action((dependency: string | undefined, options: Omit<WhyOptions, "dependency">) =>
      run(async (context) => (await import("./why.ts")).why(context, { ...options, dependency })),
    );
}

function addExplain(program: Command, { run }: ProgramActions): void {
  withOutput(
    program
      .command("explain")
      .description(
        "say what a cause, a root cause or a finding means and what to do; without a code, list all",
      ),
  )
    .argument("[code]", "such as CONNECT_REFUSED or FLAG_BYPASS; capitals do not matter")
    .addHelpText("after", exitCodeHelp([EXIT.usage]))
    .action((code: string | undefined, options: OutputOptions) =>
      run(async (context) => (await import("./explain.ts")).explain(context, { ...options, code })),
    );
}

function addConfig(program: Command, { run }: ProgramActions): void {
  const config = program.command("config").description("the configuration");
  withOutput(
    config.command("check").description("show the configuration with all secrets masked, or all its faults"),
  )
    .option("-c, --config <path>", CONFIG)
    .addHelpText("after", exitCodeHelp([EXIT.usage, EXIT.config]))
    .action((options: ConfigCheckOptions) =>
      run(async (context) => (await import("./config-check.ts")).configCheck(context, options)),
    );
  addEnvFiles(config, run);
  addConfigLint(config, run);
  addDrift(config, run);
}

function addHealthcheck(program: Command, { healthcheck }: ProgramActions): void {
  program
    .command("healthcheck")
    .description("for containers: ask this machine's own service whether it lives; 0 or 1")
    .option("--url <url>", "the service; default: http://127.0.0.1:$PORT")
    .option("--path <path>", "what to ask for; default: /health/live")
    .addHelpText(
      "after",
      "\nExit codes:\n  0    healthy\n  1    not healthy, no answer within 2 s, or wrong arguments",
    )
    .action(() => healthcheck());
}

const SERVE_EXIT_CODES = `
Exit codes:
  0    stopped by SIGTERM or Ctrl-C
  64   wrong arguments
  69   cannot listen on the address
  70   a fault of Greenlight's own
  78   the configuration is wrong, or nothing is configured`;

const CONFIG = "configuration file; default: GREENLIGHT_CONFIG, then greenlight.yaml";

function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (!(ms >= 1))
    throw new InvalidArgumentError("Expected a duration with its unit, such as 500ms, 10s or 2m.");
  return Math.min(ms, LONGEST_TIMER_MS);
}

function readPort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("Expected a number from 0 to 65535.");
  return Number(text);
}

function readNames(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new InvalidArgumentError("Expected names, separated by commas.");
  return names;
}
