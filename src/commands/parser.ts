import { Command } from "commander";
import { readVersion } from "../version.ts";
import type { ProgramActions } from "./actions.ts";
import { exampleHelp, exitCodeHelp } from "./help-text.ts";

type Add = (program: Command, actions: ProgramActions) => void;

/** Commands by the names that each adds, in the order of the help; names, arguments and help are loaded when it is asked for. */
export type CommandTable = readonly (readonly [names: readonly string[], load: () => Promise<Add>])[];

/**
 * Makes the parser of a table of commands. Nothing runs before `parseAsync`.
 *
 * @param asked the first word of the command line. Where it names a command, the parser knows no other: making all takes
 * longer than most commands run
 */
export async function createParser(
  commands: CommandTable,
  actions: ProgramActions,
  asked?: string,
): Promise<Command> {
  const program = new Command("greenlight")
    .description("Is this environment fit to be tested, and if not, why, and what puts it right?")
    .version(readVersion(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show help for a command")
    .showHelpAfterError("Run with --help to see what is possible.")
    .addHelpText("after", exitCodeHelp())
    .addHelpText(
      "after",
      exampleHelp([
        "greenlight check --config greenlight.yaml",
        "greenlight check postgres://app@db.internal/app redis://cache.internal",
        "greenlight why postgres",
        "greenlight explain CONNECT_REFUSED",
      ]),
    );
  const named = commands.filter(([names]) => asked !== undefined && names.includes(asked));
  const wanted = named.length > 0 ? named : commands;
  const all = await Promise.all(wanted.map(([, load]) => load()));
  for (const add of all) add(program, actions);
  return program;
}
