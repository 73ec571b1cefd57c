/** `plan`, `plan lint` and `plan show`. */
import { type Command, Option } from "commander";
import type { ProgramActions } from "./actions.ts";
import { EXIT } from "../exit-codes.ts";
import { FINDING_FORMATS } from "../views/finding-reports.ts";
import type { OutputOptions } from "./context.ts";
import { collect } from "./gate-options.ts";
import { CONFIG, exampleHelp, withOutput } from "./help-text.ts";
import type { PlanLintOptions } from "./plan-lint.ts";
import type { PlanShowOptions } from "./plan-show.ts";
import type { PlanOptions } from "./plan.ts";

const exitCodes = (rows: readonly (readonly [number, string])[]): string =>
  `\nExit codes:\n${rows.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`).join("\n")}`;

/** Adds them. */
export function addPlan(program: Command, actions: ProgramActions): void {
  const plan = withOutput(
    program
      .command("plan")
      .description("make a plan that puts right what why finds; changes nothing")
      .usage("[options] [suite]"),
  );
  plan
    .argument("[suite]", "a suite or a dependency; default: all that is configured")
    .option("-u, --url <url>", "have this service make it; default: GREENLIGHT_URL")
    .option("-c, --config <path>", CONFIG)
    .option("-o, --out <path>", "write it to a file too: JSON where the name ends with .json, else YAML")
    .option("--detailed-exitcode", `as terraform: ${EXIT.changes} when there is something to apply`)
    .addHelpText(
      "after",
      `
It is kept in the store, where greenlight apply finds it by its id. The same causes in
the same world give the same plan, with the same id and digest.`,
    )
    .addHelpText(
      "after",
      exitCodes([
        [EXIT.ok, "a plan was made, or there is nothing to put right"],
        [EXIT.changes, "with --detailed-exitcode: a plan was made"],
        [EXIT.usage, "wrong arguments, or no such suite"],
        [EXIT.unavailable, "the service cannot be reached, or makes no plans"],
        [EXIT.cannotCreate, "the file cannot be written"],
        [EXIT.temporary, "what is wrong cannot be told, or the store cannot be used"],
        [EXIT.noPermission, "the service wants a token, or another one"],
        [EXIT.config, "the configuration is wrong, or nothing is configured"],
      ]),
    )
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight plan database",
        "greenlight plan database --out plan.yaml --detailed-exitcode",
        "greenlight plan --json | jq -r '.id, .digest'",
      ]),
    )
    .action((suite: string | undefined, options: Omit<PlanOptions, "suite">) =>
      actions.run(async (context) => (await import("./plan.ts")).plan(context, { ...options, suite })),
    );
  addLint(plan, actions);
  addShow(plan, actions);
}

function addLint(plan: Command, actions: ProgramActions): void {
  withOutput(
    plan
      .command("lint")
      .description("look for what keeps plans from being applied, and for what contradicts itself in them"),
  )
    .argument("<files...>", "plans, in YAML or JSON")
    .option("--sarif", "SARIF 2.1.0 on stdout")
    .addOption(
      new Option("--fail-on <severity>", `the least that makes the exit code ${EXIT.findings}`)
        .choices(["error", "warning", "note"])
        .default("error"),
    )
    .option(
      "--report <format=path>",
      "write a report too, such as sarif=plan.sarif; can be repeated",
      collect,
    )
    .addHelpText("after", formatHelp())
    .addHelpText(
      "after",
      exitCodes([
        [EXIT.ok, "nothing found as severe as --fail-on; warnings alone are 0"],
        [EXIT.usage, "wrong arguments"],
        [EXIT.findings, "found something as severe as --fail-on, or a plan cannot be read"],
        [EXIT.cannotCreate, "nothing found, but a report could not be written"],
      ]),
    )
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight plan lint plans/*.yaml",
        "greenlight plan lint plan.yaml --sarif > plan.sarif",
      ]),
    )
    .action((files: string[], options: Omit<PlanLintOptions, "files">, command: Command) =>
      actions.run(async (context) =>
        (await import("./plan-lint.ts")).planLint(context, { ...all(options, command), files }),
      ),
    );
}

function addShow(plan: Command, actions: ProgramActions): void {
  withOutput(plan.command("show").description("show a plan with its schedule and its critical path"))
    .argument("<plan>", "a file, or the id of a plan that greenlight plan made")
    .option("-c, --config <path>", CONFIG)
    .addHelpText(
      "after",
      exitCodes([
        [EXIT.ok, "shown"],
        [EXIT.usage, "wrong arguments, or there is no such plan"],
        [EXIT.findings, "the plan is none that can be applied"],
        [EXIT.temporary, "the store cannot be used"],
        [EXIT.config, "the configuration is wrong"],
      ]),
    )
    .addHelpText("after", exampleHelp(["greenlight plan show examples/plans/database-remediation.yaml"]))
    .action((name: string, options: Omit<PlanShowOptions, "plan">, command: Command) =>
      actions.run(async (context) =>
        (await import("./plan-show.ts")).planShow(context, { ...all(options, command), plan: name }),
      ),
    );
}

function formatHelp(): string {
  const rows = Object.entries(FINDING_FORMATS).map(([name, meaning]) => `  ${name.padEnd(12)} ${meaning}`);
  return `\nReport formats (FORMAT=PATH):\n${rows.join("\n")}`;
}

/** With what `plan` itself was given: Commander hands it the options that it knows, though they stand behind `lint`. */
function all<T extends OutputOptions>(options: T, command: Command): T {
  const above = command.parent?.opts<OutputOptions>() ?? {};
  return { ...above, ...options, color: above.color !== false && options.color !== false };
}
