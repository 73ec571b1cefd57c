import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import type { ProgramActions } from "./actions.ts";
import { CONFIG, exitCodeHelp, withOutput } from "./help-text.ts";
import type { WhyOptions } from "./why.ts";

/** Adds `why`. */
export function addWhy(program: Command, { run }: ProgramActions): void {
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
