/** The commands that wait for an environment: `wait` and `run`. */
import { type Command, InvalidArgumentError } from "commander";
import type { ProgramActions } from "./actions.ts";
import { EXIT } from "../exit-codes.ts";
import {
  collect,
  durationReader,
  type RunCommandOptions,
  type WaitCommandOptions,
  withGateOptions,
} from "./gate-options.ts";
import { exampleHelp, exitCodeHelp } from "./help-text.ts";

export function addGate(program: Command, actions: ProgramActions): void {
  addWait(program, actions);
  addRun(program, actions);
}

function addWait(program: Command, actions: ProgramActions): void {
  withGateOptions(
    program
      .command("wait")
      .description("wait until everything that a suite requires is fit at the same moment"),
  )
    .argument("[urls...]", "wait for these instead of a suite, such as postgres://app@db.internal/app")
    .option("--invert", "wait until something that is required fails instead")
    .addHelpText("after", WHO_LOOKS)
    .addHelpText("after", exitCodeHelp(WAIT_EXIT_CODES))
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight wait --suite e2e --timeout 10m",
        "greenlight wait --suite e2e --url https://greenlight.internal --exclusive",
        'greenlight wait "$DATABASE_URL" redis://cache.internal && npm test',
        "greenlight wait --dry-run",
      ]),
    )
    .action((urls: string[], options: Repeatable<WaitCommandOptions>) =>
      actions.run(async (context) =>
        (await import("./wait.ts")).wait(context, { ...options, report: options.report ?? [], urls }),
      ),
    );
}

function addRun(program: Command, actions: ProgramActions): void {
  withGateOptions(
    program
      .command("run")
      .description("wait, run a command, and say whether a red run was the environment's fault"),
  )
    .argument("[command...]", "behind two dashes: the program and its arguments")
    .option(
      "--junit <pattern>",
      "JUnit files that the command writes; in quotes, can be repeated",
      readPattern,
    )
    .option("--no-inject", "do not have pytest write a report of its own")
    .option(
      "--abort-on-unfit <duration>",
      "end the command when something required has failed for so long; default: never",
      durationReader({ min: 1000, max: 86_400_000 }),
    )
    .option("--pass-token", "let the command have GREENLIGHT_TOKEN; default: it is withheld")
    .addHelpText("after", WHO_LOOKS)
    .addHelpText("after", RUN_EXIT_CODES)
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight run --suite e2e -- pytest tests/e2e",
        "greenlight run --suite database --junit 'reports/*.xml' -- mvn verify",
        "greenlight run --suite e2e --report markdown=comment.md --abort-on-unfit 30s -- npx playwright test",
      ]),
    )
    .action((command: string[], options: Repeatable<RunCommandOptions>) =>
      actions.run(async (context) => {
        const { report = [], junit = [] } = options;
        return (await import("./run.ts")).run(context, { ...options, report, junit, command });
      }),
    );
}

/** As Commander hands them over: what can be repeated is absent when it was not given. */
type Repeatable<T extends { readonly report: readonly string[] }> = Omit<
  T,
  "urls" | "command" | "report" | "junit"
> & { readonly report?: readonly string[]; readonly junit?: readonly string[] };

function readPattern(value: string, earlier?: readonly string[]): readonly string[] {
  if (value === "") throw new InvalidArgumentError("Expected a path or a pattern, such as 'reports/*.xml'.");
  return collect(value, earlier);
}

const WAIT_EXIT_CODES = [
  EXIT.ok,
  EXIT.usage,
  EXIT.unavailable,
  EXIT.temporary,
  EXIT.noPermission,
  EXIT.config,
  130,
];

const WHO_LOOKS = `
Progress goes to stderr, the result to stdout. With a service (--url) and a
configuration here, the service is asked, and when it is lost this machine looks
itself. A service that is being restarted or deployed is waited for.`;

const RUN_EXIT_CODES = `
Exit codes:
  0    the suite passed
  N    the command's own, when tests failed and the environment was not the cause
  64   wrong arguments
  69   unfit, and waiting will not help until somebody acts; nothing was run
  75   not fit in time, inconclusive, ended as unfit, or all failures are the
       environment's
  76   no test was executed
  77   the service wants a token, or another one
  78   the configuration is wrong, or there is no such suite
  126  the command cannot be executed (127: there is none; 128+n: ended by signal n)`;
