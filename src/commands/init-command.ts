import { type Command, Option } from "commander";
import type { ProgramActions } from "./actions.ts";
import { EXIT } from "../exit-codes.ts";
import { CI_SYSTEMS } from "../init/ci.ts";
import { exampleHelp, withOutput } from "./help-text.ts";
import type { InitOptions } from "./init.ts";

/** Adds `init`. */
export function addInit(program: Command, actions: ProgramActions): void {
  withOutput(
    program
      .command("init")
      .description("write greenlight.yaml and a CI workflow for what this folder and the variables show"),
  )
    .addOption(
      new Option("--ci <system>", "whose workflow; default: that of the CI files here, else github").choices(
        CI_SYSTEMS,
      ),
    )
    .option("-f, --force", "replace files that are there")
    .option("--dry-run", "show what would be written, and write nothing")
    .addHelpText(
      "after",
      `
It looks at the names of variables, .env and Compose files, CI files and those of test
runners. The values of variables are not written; the files refer to them.`,
    )
    .addHelpText(
      "after",
      `
Exit codes:
  ${String(EXIT.ok).padEnd(4)} written, or there already
  ${String(EXIT.usage).padEnd(4)} wrong arguments
  ${String(EXIT.config).padEnd(4)} a file cannot be written`,
    )
    .addHelpText("after", exampleHelp(["greenlight init --dry-run", "greenlight init --ci gitlab"]))
    .action((options: InitOptions) =>
      actions.run(async (context) => (await import("./init.ts")).init(context, options)),
    );
}
