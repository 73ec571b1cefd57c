/** `lint` and the commands below it. */
import { type Command, Option } from "commander";
import type { ProgramActions } from "./actions.ts";
import { EXIT } from "../exit-codes.ts";
import { FINDING_FORMATS } from "../views/finding-reports.ts";
import type { OutputOptions } from "./context.ts";
import { collect } from "./gate-options.ts";
import { exampleHelp, exitCodeHelp, withOutput } from "./help-text.ts";
import type { LintCommandOptions } from "./lint.ts";

/** Adds `lint`, `lint undo` and `lint runs`. */
export function addLint(program: Command, actions: ProgramActions): void {
  const lint = withOutput(
    program
      .command("lint")
      .description("look for faults in a Python test suite itself: its markers, and what it awaits"),
  );
  lint
    .argument("[area]", "markers or awaits; default: both")
    .argument("[folder]", "the suite, or a part of it; default: this folder")
    .option("--sarif", "SARIF 2.1.0 on stdout")
    .option("--fix", "put right what can be: shows a diff and asks before it writes")
    .option("-y, --yes", "with --fix: write without asking")
    .option("-n, --dry-run", "with --fix: show the diff, and write nothing")
    .option(
      "--exclude <glob>",
      "leave out files and folders, such as 'tests/data/**'; can be repeated",
      collect,
    )
    .addOption(
      new Option("--fail-on <severity>", `the least that makes the exit code ${EXIT.findings}`)
        .choices(["error", "warning", "note"])
        .default("error"),
    )
    .option(
      "--report <format=path>",
      "write a report too, such as sarif=lint.sarif; can be repeated",
      collect,
    )
    .option("--no-ci", "in a job of GitHub Actions, write no annotations that were not asked for")
    .addHelpText("after", formatHelp())
    .addHelpText("after", exitCodes())
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight lint",
        "greenlight lint markers tests --sarif > lint.sarif",
        "greenlight lint --fix --dry-run",
        "greenlight lint ./markers                # a folder of that name",
      ]),
    )
    .action((area: string | undefined, folder: string | undefined, options: LintCommandOptions) =>
      actions.run(async (context) =>
        (await import("./lint.ts")).lintCommand(context, { ...options, area, folder }),
      ),
    );
  addUndo(lint, actions);
  addRuns(lint, actions);
}

function addUndo(lint: Command, actions: ProgramActions): void {
  withOutput(
    lint
      .command("undo")
      .description("restore the files that a --fix changed; those changed since are left alone"),
  )
    .argument("<run>", "as --fix and lint runs show it")
    .addHelpText(
      "after",
      `
Exit codes:
  ${String(EXIT.ok).padEnd(4)} all files are as before the run
  ${String(EXIT.usage).padEnd(4)} wrong arguments, or there is no such run
  ${String(EXIT.findings).padEnd(4)} some files were left alone`,
    )
    .addHelpText("after", exampleHelp(["greenlight lint undo 20260314T091500-4f2a9c"]))
    .action((name: string, _: OutputOptions, command: Command) =>
      actions.run(async (context) =>
        (await import("./lint-undo.ts")).lintUndo(context, { ...outputOf(command), run: name }),
      ),
    );
}

function addRuns(lint: Command, actions: ProgramActions): void {
  withOutput(lint.command("runs").description("list what --fix has changed on this machine, newest first"))
    .addHelpText("after", exitCodeHelp([EXIT.usage]))
    .action((_: OutputOptions, command: Command) =>
      actions.run(async (context) => (await import("./lint-undo.ts")).lintRuns(context, outputOf(command))),
    );
}

/** The parser gives what both commands have to the upper one, wherever it stands. */
const outputOf = (command: Command): OutputOptions => command.optsWithGlobals<OutputOptions>();

function formatHelp(): string {
  const rows = Object.entries(FINDING_FORMATS).map(([name, meaning]) => `  ${name.padEnd(12)} ${meaning}`);
  return `\nReport formats (FORMAT=PATH):\n${rows.join("\n")}`;
}

const exitCodes = (): string => `
Exit codes:
  ${String(EXIT.ok).padEnd(4)} nothing found as severe as --fail-on
  ${String(EXIT.usage).padEnd(4)} wrong arguments, or there is no such folder
  ${String(EXIT.findings).padEnd(4)} found something as severe as --fail-on
  ${String(EXIT.software).padEnd(4)} a fault of Greenlight's own
  ${String(EXIT.cannotCreate).padEnd(4)} nothing found, but a report, or what --fix writes, could not be written
  130  ended by Ctrl-C (143: by SIGTERM)`;
