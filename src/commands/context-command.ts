import { type Command, Option } from "commander";
import type { ProgramActions } from "./actions.ts";
import { EXIT } from "../exit-codes.ts";
import { EXPORT_FORMATS } from "../views/context-export.ts";
import type { DetectContextOptions } from "./detect-context.ts";
import { CONFIG, exampleHelp, withOutput } from "./help-text.ts";

/** Adds `context`. */
export function addContext(program: Command, actions: ProgramActions): void {
  withOutput(
    program
      .command("context")
      .description("tell which environment this is, who says so, and who says otherwise; changes nothing"),
  )
    .option("-e, --env <name>", "the environment you mean it to be; the rest is held against it")
    .option("-c, --config <path>", CONFIG)
    .option("--probe", "ask the servers that declare their environment (`declares`)")
    .option("--verbose", "show what says nothing too, and what each weighs")
    .addOption(
      new Option(
        "--export <format>",
        "write variables to stdout instead: for GitLab's dotenv report, or for $GITHUB_OUTPUT and $GITHUB_ENV",
      ).choices(EXPORT_FORMATS),
    )
    .option(
      "--strict-validation",
      "fail on contradictions, and when it is unknown; asks the servers as --probe does",
    )
    .addHelpText(
      "after",
      `
What was said outright decides first: --env, a server's own declaration, the key
environment. Then hints: customary variables, the platform, ids of projects, the
configured URLs. Names of files are told and decide nothing. Labels match whole:
nonprod is not prod. While anything points at production, nothing may be written.`,
    )
    .addHelpText(
      "after",
      `
Exit codes:
  ${String(EXIT.ok).padEnd(4)} told, whatever it is
  ${String(EXIT.usage).padEnd(4)} wrong arguments
  ${String(EXIT.config).padEnd(4)} the configuration is wrong; in strict mode: contradictions, or it is unknown`,
    )
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight context",
        "greenlight context --env staging --strict-validation",
        'greenlight context --export github >> "$GITHUB_OUTPUT"',
      ]),
    )
    .action((options: DetectContextOptions) =>
      actions.run(async (context) => (await import("./detect-context.ts")).showContext(context, options)),
    );
}
