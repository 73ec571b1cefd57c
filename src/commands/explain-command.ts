import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import type { ProgramActions } from "./actions.ts";
import type { OutputOptions } from "./context.ts";
import { exitCodeHelp, withOutput } from "./help-text.ts";

/** Adds `explain`. */
export function addExplain(program: Command, { run }: ProgramActions): void {
  withOutput(
    program
      .command("explain")
      .description(
        "say what a cause, a root cause or a finding means and what to do; without a code, list all",
      ),
  )
    .argument("[code]", "such as CONNECT_REFUSED or FLAG_BYPASS; capitals do not matter")
    .addHelpText("after", exitCodeHelp([EXIT.usage]))
    .action((code: string | undefined, options: OutputOptions) =>
      run(async (context) => (await import("./explain.ts")).explain(context, { ...options, code })),
    );
}
