/** `apply`, `rollback`, `resume` and `runs`. */
import { type Command, InvalidArgumentError } from "commander";
import type { ProgramActions } from "./actions.ts";
import { EXIT } from "../exit-codes.ts";
import type { ApplyOptions } from "./apply.ts";
import { CONFIG, exampleHelp, exitCodeHelp, withOutput } from "./help-text.ts";
import { remedyExitHelp } from "./remedy/exit-code.ts";
import type { RunsOptions } from "./runs.ts";
import type { TakeOverOptions } from "./take-over.ts";

const DEFAULT_URL = "default: GREENLIGHT_URL";
const RUN = "as apply and greenlight runs print it";
const APPROVE_ENVIRONMENT =
  "name the environment where it is production, is not known, or something vetoes writing to it";

/** Adds them. */
export function addRemediation(program: Command, actions: ProgramActions): void {
  addApply(program, actions);
  addRollback(program, actions);
  addResume(program, actions);
  addRuns(program, actions);
}

function addApply(program: Command, actions: ProgramActions): void {
  withOutput(
    program
      .command("apply")
      .description("apply a plan that was confirmed, verify each step, take back what does not help"),
  )
    .argument("<plan>", "the id of a plan that greenlight plan made, or a file")
    .option(
      "--confirm <digest>",
      "the plan's digest, or at least its first 12 characters; without it nothing is changed",
    )
    .option("--approve <step...>", "approve these steps by name: those that want it, or were tried too often")
    .option("--approve-environment <name>", APPROVE_ENVIRONMENT)
    .option("-n, --dry-run", "look at what each step would find and do; changes nothing")
    .option(
      "--detailed-exitcode",
      "as terraform: 0 nothing to change, 2 changed (or would be), 1 anything else",
    )
    .option("-c, --config <path>", CONFIG)
    .option("-u, --url <url>", `have the service apply it that made the plan; ${DEFAULT_URL}`)
    .addHelpText(
      "after",
      `
Shows the plan and the command that confirms it; on a terminal it asks for the first
characters of the digest, in CI it never asks. A step that fails, or does not help, is
taken back with all that was done before it. Ctrl-C ends after the step in hand; a
second one ends at once, and says how to go on. With --url the run is the service's:
Ctrl-C stops following it. A plan in a file is always applied from here.`,
    )
    .addHelpText("after", remedyExitHelp())
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight apply fix-database                  # shows it",
        "greenlight apply fix-database --dry-run        # asks the world too",
        "greenlight apply fix-database --confirm 3f9a12bc44d0 --approve attach-egress",
        "greenlight apply examples/plans/database-remediation.yaml --json",
      ]),
    )
    .action((plan: string, options: Omit<ApplyOptions, "plan">) =>
      actions.run(async (context) => (await import("./apply.ts")).apply(context, { ...options, plan })),
    );
}

function addRollback(program: Command, actions: ProgramActions): void {
  withOutput(
    program
      .command("rollback")
      .description("take back what a run did, the newest first, and nothing that others did"),
  )
    .argument("<run>", RUN)
    .option("-n, --dry-run", "show what would be taken back; changes nothing")
    .option("-c, --config <path>", CONFIG)
    .option("-u, --url <url>", `have the service take it back that has the run; ${DEFAULT_URL}`)
    .addHelpText("after", remedyExitHelp())
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight rollback run-mig3k2x1-7f3a9c01 --dry-run",
        "greenlight rollback run-mig3k2x1-7f3a9c01 --url https://greenlight.example.com",
      ]),
    )
    .action((id: string, options: Omit<TakeOverOptions, "run" | "command">) =>
      actions.run(async (context) =>
        (await import("./take-over.ts")).takeOver(context, { ...options, run: id, command: "rollback" }),
      ),
    );
}

function addResume(program: Command, actions: ProgramActions): void {
  withOutput(
    program
      .command("resume")
      .description(
        "finish a run that was stopped, killed, or is not in force yet: forward, or back when it was on its way back",
      ),
  )
    .argument("<run>", RUN)
    .option("--approve-environment <name>", APPROVE_ENVIRONMENT)
    .option("-c, --config <path>", CONFIG)
    .option("-u, --url <url>", `have the service finish it that has the run; ${DEFAULT_URL}`)
    .addHelpText("after", remedyExitHelp())
    .action((id: string, options: Omit<TakeOverOptions, "run" | "command">) =>
      actions.run(async (context) =>
        (await import("./take-over.ts")).takeOver(context, { ...options, run: id, command: "resume" }),
      ),
    );
}

function addRuns(program: Command, actions: ProgramActions): void {
  withOutput(
    program
      .command("runs")
      .description("list what was applied and taken back, or tell one run from its journal"),
  )
    .argument("[run]", RUN)
    .option("--limit <number>", "list so many", readLimit, 20)
    .option("-c, --config <path>", CONFIG)
    .option("-u, --url <url>", `ask this service for those in its store; ${DEFAULT_URL}`)
    .addHelpText(
      "after",
      exitCodeHelp([EXIT.usage, EXIT.unavailable, EXIT.temporary, EXIT.noPermission, EXIT.config]),
    )
    .action((id: string | undefined, options: Omit<RunsOptions, "run">) =>
      actions.run(async (context) => (await import("./runs.ts")).runs(context, { ...options, run: id })),
    );
}

function readLimit(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("Expected a number from 1 to 999.");
  return Number(text);
}
