import { type Command, Option } from "commander";
import type { ProgramActions } from "./actions.ts";
import { DIALECTS } from "../../services/env-files/dialect.ts";
import { EXIT } from "../exit-codes.ts";
import { FINDING_FORMATS } from "../views/finding-reports.ts";
import type { ConfigLintOptions } from "./config-lint.ts";
import { collect } from "./gate-options.ts";
import { CONFIG, exampleHelp, withOutput } from "./help-text.ts";

/** Adds `config lint` below `config`. */
export function addConfigLint(config: Command, actions: ProgramActions): void {
  withOutput(
    config
      .command("lint")
      .description(
        "look for faults in env files: duplicates, placeholders, expired flags, committed secrets, flags that nothing reads",
      ),
  )
    .argument("[files...]", "env files, the lowest layer first; default: `envFiles.layers`, else .env* here")
    .option("-c, --config <path>", CONFIG)
    .addOption(
      new Option("--dialect <name>", "who reads the files; default: as declared, else dotenv").choices(
        DIALECTS,
      ),
    )
    .option(
      "--source <folder>",
      "where readers of flags are searched; can be repeated; default: `envFiles.sources`",
      collect,
    )
    .option("--sarif", "SARIF 2.1.0 on stdout")
    .addOption(
      new Option("--fail-on <severity>", `the least that makes the exit code ${EXIT.findings}`)
        .choices(["error", "warning", "note"])
        .default("error"),
    )
    .option("--report <format=path>", "write a report too, such as sarif=env.sarif; can be repeated", collect)
    .option("--no-ci", "in a job of GitHub Actions, write no annotations that were not asked for")
    .addHelpText("after", formatHelp())
    .addHelpText("after", EXIT_CODES)
    .addHelpText("after", exampleHelp(EXAMPLES))
    .action((files: string[], options: Omit<ConfigLintOptions, "files">) =>
      actions.run(async (context) =>
        (await import("./config-lint.ts")).configLint(context, { ...options, files }),
      ),
    );
}

const EXAMPLES = [
  "greenlight config lint",
  "greenlight config lint .env .env.staging --source src --source .github",
  "greenlight config lint --sarif > env.sarif",
];

function formatHelp(): string {
  const rows = Object.entries(FINDING_FORMATS).map(([name, meaning]) => `  ${name.padEnd(12)} ${meaning}`);
  return `\nReport formats (FORMAT=PATH):\n${rows.join("\n")}`;
}

const EXIT_CODES = `
Exit codes:
  ${String(EXIT.ok).padEnd(4)} nothing found as severe as --fail-on; warnings alone are 0
  ${String(EXIT.usage).padEnd(4)} wrong arguments
  ${String(EXIT.findings).padEnd(4)} found something as severe as --fail-on that is not waived
  ${String(EXIT.cannotCreate).padEnd(4)} nothing found, but a report could not be written
  ${String(EXIT.config).padEnd(4)} greenlight.yaml itself is wrong`;
