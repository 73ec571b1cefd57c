/** The commands below `report`. */
import type { Command } from "commander";
import type { ProgramActions } from "./actions.ts";
import { EXIT } from "../exit-codes.ts";
import { REPORT_FORMATS } from "../views/reports/request.ts";
import type { OutputOptions } from "./context.ts";
import { collect } from "./gate-options.ts";
import { exampleHelp, exitCodeHelp, withOutput } from "./help-text.ts";

export function addReport(program: Command, actions: ProgramActions): void {
  const report = program.command("report").description("records of runs, as --report json=PATH writes them");
  withOutput(
    report
      .command("diff")
      .description(
        "what changed between two runs, such as the last green one and this red one: versions, release, who serves, red tests",
      ),
  )
    .argument("<before>", "a record")
    .argument("<after>", "another record")
    .option("--exit-code", "exit with 2 when they differ")
    .addHelpText("after", DIFF_EXIT_CODES)
    .addHelpText("after", exampleHelp(["greenlight report diff green.json red.json"]))
    .action((before: string, after: string, options: OutputOptions & { exitCode?: boolean }) =>
      actions.run(async (context) =>
        (await import("./report.ts")).reportDiff(context, { ...options, before, after }),
      ),
    );
  withOutput(report.command("show").description("show a record as the run did, or write it in other formats"))
    .argument("<record>", "a record")
    .option(
      "--report <format=path>",
      "write this instead of showing the run, such as junit=out.xml; can be repeated",
      collect,
    )
    .addHelpText("after", formatHelp())
    .addHelpText("after", "\nExits with 0 when it could show the run, however that ended.")
    .addHelpText("after", exitCodeHelp([EXIT.usage, EXIT.cannotCreate]))
    .addHelpText("after", exampleHelp(["greenlight report show run.json --report junit=out.xml"]))
    .action((path: string, options: OutputOptions & { report?: readonly string[] }) =>
      actions.run(async (context) => (await import("./report.ts")).reportShow(context, { ...options, path })),
    );
}

/** The table of formats, for the help of every command that has `--report`. */
export function formatHelp(): string {
  const rows = Object.entries(REPORT_FORMATS).map(([name, meaning]) => `  ${name.padEnd(12)} ${meaning}`);
  return `\nReport formats (FORMAT=PATH; PATH - is stdout):\n${rows.join("\n")}`;
}

const DIFF_EXIT_CODES = `
Exit codes:
  0    they were compared; with --exit-code: they are the same
  2    with --exit-code: they differ
  64   wrong arguments, or a file that is no record`;
