/** `config explain` and `config diff`. */
import { type Command, Option } from "commander";
import type { ProgramActions } from "./actions.ts";
import { DIALECTS } from "../../services/env-files/dialect.ts";
import { EXIT } from "../exit-codes.ts";
import type { ConfigDiffOptions } from "./config-diff.ts";
import type { ConfigExplainOptions } from "./config-explain.ts";
import { CONFIG, exampleHelp, withOutput } from "./help-text.ts";

const exitCodes = (rows: readonly (readonly [number, string])[]): string =>
  `\nExit codes:\n${rows.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`).join("\n")}`;

/** Adds `explain` and `diff` below `config`. */
export function addEnvFiles(config: Command, actions: ProgramActions): void {
  addExplain(config, actions);
  addDiff(config, actions);
}

function addExplain(config: Command, actions: ProgramActions): void {
  withOutput(
    config
      .command("explain")
      .description("say which env file or variable a key gets its value from, and what that shadows"),
  )
    .argument("<key>", "the name of a variable, or a key of greenlight.yaml that a variable sets")
    .option("-c, --config <path>", CONFIG)
    .option("-e, --env <name>", "the environment whose files are meant, where no layers are configured")
    .addHelpText(
      "after",
      `
Layers are those of envFiles.layers, lowest first; else, as far as they are there, .env,
.env.local, .env.NAME and .env.NAME.local for the environment NAME. Variables of the process
win over all files. Values are shown as fingerprints: with GREENLIGHT_BASELINE_KEY they are
those of the baseline, without it they can be compared within one output alone.`,
    )
    .addHelpText(
      "after",
      exitCodes([
        [EXIT.ok, "something sets the key"],
        [EXIT.usage, "wrong arguments"],
        [EXIT.findings, "nothing sets the key"],
        [EXIT.config, "the configuration is wrong, or a layer cannot be read or is refused by its program"],
      ]),
    )
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight config explain DATABASE_URL",
        "greenlight config explain dependencies.redis.url --env staging --json",
      ]),
    )
    .action((key: string, options: Omit<ConfigExplainOptions, "key">) =>
      actions.run(async (context) =>
        (await import("./config-explain.ts")).configExplain(context, { ...options, key }),
      ),
    );
}

function addDiff(config: Command, actions: ProgramActions): void {
  withOutput(
    config
      .command("diff")
      .description("compare two env files, or one with the variables of the process, key by key"),
  )
    .argument("<a>", "an env file, or `process`; a file of that name is ./process")
    .argument("<b>", "the other")
    .option("-c, --config <path>", CONFIG)
    .addOption(
      new Option(
        "-d, --dialect <name>",
        "which program reads the files; default: what envFiles.layers says of each, else dotenv",
      ).choices(DIALECTS),
    )
    .addHelpText(
      "after",
      `
Added is what only the second has. Read differently are keys with one value in the dialect that
was asked for, and with two in others. Compared with the process, only the keys of the file count.`,
    )
    .addHelpText(
      "after",
      exitCodes([
        [EXIT.ok, "no difference"],
        [EXIT.usage, "wrong arguments"],
        [EXIT.findings, "they differ"],
        [EXIT.config, "the configuration is wrong, or a file cannot be read or is refused by its program"],
      ]),
    )
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight config diff .env.example .env",
        "greenlight config diff .env.staging process --dialect compose --json",
      ]),
    )
    .action((a: string, b: string, options: Omit<ConfigDiffOptions, "a" | "b">) =>
      actions.run(async (context) =>
        (await import("./config-diff.ts")).configDiff(context, { ...options, a, b }),
      ),
    );
}
