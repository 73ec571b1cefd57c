/** The commands below `config`. */
import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import type { ProgramActions } from "./actions.ts";
import type { ConfigCheckOptions } from "./config-check.ts";
import { addConfigLint } from "./config-lint-command.ts";
import { addDrift } from "./drift-commands.ts";
import { addEnvFiles } from "./env-commands.ts";
import { CONFIG, exitCodeHelp, withOutput } from "./help-text.ts";

export function addConfig(program: Command, actions: ProgramActions): void {
  const config = program.command("config").description("the configuration");
  withOutput(
    config.command("check").description("show the configuration with all secrets masked, or all its faults"),
  )
    .option("-c, --config <path>", CONFIG)
    .addHelpText("after", exitCodeHelp([EXIT.usage, EXIT.config]))
    .action((options: ConfigCheckOptions) =>
      actions.run(async (context) => (await import("./config-check.ts")).configCheck(context, options)),
    );
  addEnvFiles(config, actions);
  addConfigLint(config, actions);
  addDrift(config, actions);
}
