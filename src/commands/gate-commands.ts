/** The commands that wait for an environment: `wait` and `run`. */
import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import type { CommandContext } from "./context.ts";
import { withGateOptions, type WaitCommandOptions } from "./gate-options.ts";
import { exampleHelp, exitCodeHelp } from "./help-text.ts";

type Run = (work: (context: CommandContext) => Promise<number>) => Promise<void>;

export function addGate(program: Command, run: Run): void {
  addWait(program, run);
}

function addWait(program: Command, run: Run): void {
  withGateOptions(
    program
      .command("wait")
      .description("wait until everything that a suite requires is fit at the same moment"),
  )
    .argument("[urls...]", "wait for these instead of a suite, such as postgres://app@db.internal/app")
    .option("--invert", "wait until something that is required fails instead")
    .addHelpText("after", CREDENTIALS)
    .addHelpText("after", exitCodeHelp(EXIT_CODES))
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight wait --suite e2e --timeout 10m",
        "greenlight wait --suite e2e --url https://greenlight.internal --exclusive",
        'greenlight wait "$DATABASE_URL" redis://cache.internal && npm test',
        "greenlight wait --dry-run",
      ]),
    )
    .action((urls: string[], options: Omit<WaitCommandOptions, "urls">) =>
      run(async (context) => (await import("./wait.ts")).wait(context, { ...options, urls })),
    );
}

const EXIT_CODES = [
  EXIT.ok,
  EXIT.usage,
  EXIT.unavailable,
  EXIT.temporary,
  EXIT.noPermission,
  EXIT.config,
  130,
];

const CREDENTIALS = `
Progress goes to stderr, the result to stdout. With a service (--url) and a
configuration here, the service is asked, and when it is lost this machine looks
itself. Of a service that is being restarted or deployed the answer is waited
for.`;
