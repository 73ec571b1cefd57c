/** `config baseline`, `config drift` and what is below it. */
import type { Command } from "commander";
import type { ProgramActions } from "./actions.ts";
import { EXIT } from "../exit-codes.ts";
import type { ConfigBaselineOptions } from "./config-baseline.ts";
import type { DriftAcceptOptions } from "./config-drift-accept.ts";
import type { ConfigDriftOptions } from "./config-drift.ts";
import type { OutputOptions } from "./context.ts";
import { CONFIG, exampleHelp, withOutput } from "./help-text.ts";

const exitCodes = (rows: readonly (readonly [number, string])[]): string =>
  `\nExit codes:\n${rows.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`).join("\n")}`;

const CONFIG_WRONG = [
  EXIT.config,
  "nothing can be compared: the configuration, the baseline or its key is missing or wrong",
] as const;

/** Adds `baseline` and `drift` below `config`. */
export function addDrift(config: Command, actions: ProgramActions): void {
  addBaseline(config, actions);
  const drift = withOutput(
    config
      .command("drift")
      .description("compare what is configured with the baseline; silent when nothing has changed"),
  );
  drift
    .option("-c, --config <path>", CONFIG)
    .addHelpText(
      "after",
      exitCodes([
        [EXIT.ok, "nothing has changed"],
        [EXIT.usage, "wrong arguments"],
        [EXIT.findings, "something has changed, or a source cannot be read"],
        CONFIG_WRONG,
      ]),
    )
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight config drift",
        "greenlight config drift accept API_URL --reason 'moved to the new cluster'",
        "greenlight config drift explain API_URL",
      ]),
    )
    .action((options: ConfigDriftOptions) =>
      actions.run(async (context) => (await import("./config-drift.ts")).configDrift(context, options)),
    );
  addAccept(drift, actions);
  addExplain(drift, actions);
}

function addBaseline(config: Command, actions: ProgramActions): void {
  withOutput(
    config
      .command("baseline")
      .description("write what is configured now as fingerprints, to be committed and compared with later"),
  )
    .option("-c, --config <path>", CONFIG)
    .option("-o, --out <path>", "the file; default: drift.baseline, greenlight.baseline.json")
    .option("--new-key", "write all fingerprints anew, though the baseline was made with another key")
    .addHelpText(
      "after",
      `
The fingerprints are made under a secret key, so that nobody can guess values back from a
committed file: the variable GREENLIGHT_BASELINE_KEY, or the file of drift.keyFile. Make one
once, and keep it with your secrets: openssl rand -hex 32`,
    )
    .addHelpText(
      "after",
      exitCodes([
        [EXIT.ok, "written, or there already, the same"],
        [EXIT.usage, "wrong arguments"],
        [EXIT.findings, "written without a source that cannot be read"],
        [EXIT.cannotCreate, "the file cannot be written"],
        [EXIT.temporary, "somebody else has written the file meanwhile"],
        [EXIT.config, "the configuration, the key or the baseline that is there is wrong or missing"],
      ]),
    )
    .addHelpText(
      "after",
      exampleHelp(["greenlight config baseline", "greenlight config baseline --out staging.baseline.json"]),
    )
    .action((options: ConfigBaselineOptions) =>
      actions.run(async (context) => (await import("./config-baseline.ts")).configBaseline(context, options)),
    );
}

function addAccept(drift: Command, actions: ProgramActions): void {
  withOutput(
    drift
      .command("accept")
      .description("write changes into the baseline, with who, when and why; nothing else in it changes"),
  )
    .argument("[keys...]", "keys, their last part, sources, or a source and a key; default: all changes")
    .requiredOption("-r, --reason <text>", "why they are meant; kept in the baseline")
    .option("--by <name>", "who agrees; default: whom the CI system names, else the user")
    .option("-n, --dry-run", "show what would be accepted, and write nothing")
    .option("-c, --config <path>", CONFIG)
    .addHelpText(
      "after",
      exitCodes([
        [EXIT.ok, "accepted, or nothing to accept"],
        [EXIT.usage, "wrong arguments, or nothing has changed of that name"],
        [EXIT.findings, "accepted, and a source cannot be read"],
        [EXIT.cannotCreate, "the baseline cannot be written"],
        [EXIT.temporary, "somebody else has written the baseline meanwhile"],
        CONFIG_WRONG,
      ]),
    )
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight config drift accept --dry-run --reason 'new cluster'",
        "greenlight config drift accept env:.env.staging:API_URL --reason 'new cluster' --by 'R. Ops'",
      ]),
    )
    .action((keys: string[], options: Omit<DriftAcceptOptions, "keys">, command: Command) =>
      actions.run(async (context) =>
        (await import("./config-drift-accept.ts")).driftAccept(context, { ...all(options, command), keys }),
      ),
    );
}

function addExplain(drift: Command, actions: ProgramActions): void {
  withOutput(
    drift
      .command("explain")
      .description("say of a key what it was and is, since when, where it comes from and who uses it"),
  )
    .argument("<key>", "a key, its last part, or a source and a key")
    .option("-c, --config <path>", CONFIG)
    .addHelpText(
      "after",
      exitCodes([
        [EXIT.ok, "explained, whatever there is to say"],
        [EXIT.usage, "wrong arguments, or there is no such key"],
        CONFIG_WRONG,
      ]),
    )
    .action((key: string, options: ConfigDriftOptions, command: Command) =>
      actions.run(async (context) =>
        (await import("./config-drift-explain.ts")).driftExplain(context, { ...all(options, command), key }),
      ),
    );
}

/** With what `drift` itself was given: Commander hands it the options that it knows, though they stand behind `accept`. */
function all<T extends OutputOptions>(options: T, command: Command): T {
  const above = command.parent?.opts<OutputOptions>() ?? {};
  return { ...above, ...options, color: above.color !== false && options.color !== false };
}
