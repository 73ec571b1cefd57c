/** The table of commands. The names, arguments and help of one are loaded when it is asked for; what it does, when it runs. */
import { Command } from "commander";
import { readVersion } from "../version.ts";
import type { ProgramActions } from "./actions.ts";
import { exampleHelp, exitCodeHelp } from "./help-text.ts";

type Add = (program: Command, actions: ProgramActions) => void;

/** By the names that each adds, in the order of the help. */
const COMMANDS: readonly (readonly [names: readonly string[], load: () => Promise<Add>])[] = [
  [["serve"], async () => (await import("./serve-commands.ts")).addServe],
  [["check"], async () => (await import("./check-command.ts")).addCheck],
  [["why"], async () => (await import("./why-command.ts")).addWhy],
  [["wait", "run"], async () => (await import("./gate-commands.ts")).addGate],
  [["context"], async () => (await import("./context-command.ts")).addContext],
  [["explain"], async () => (await import("./explain-command.ts")).addExplain],
  [["auth"], async () => (await import("./auth-commands.ts")).addAuth],
  [["plan"], async () => (await import("./plan-commands.ts")).addPlan],
  [
    ["apply", "rollback", "resume", "runs"],
    async () => (await import("./remediation-commands.ts")).addRemediation,
  ],
  [["report"], async () => (await import("./report-commands.ts")).addReport],
  [["config"], async () => (await import("./config-commands.ts")).addConfig],
  [["lint"], async () => (await import("./lint-commands.ts")).addLint],
  [["init"], async () => (await import("./init-command.ts")).addInit],
  [["healthcheck"], async () => (await import("./serve-commands.ts")).addHealthcheck],
];

/**
 * Makes the parser. Nothing runs before `parseAsync`.
 *
 * @param asked the first word of the command line. Where it names a command, the parser knows no other: making all takes
 * longer than most commands run
 */
export async function createProgram(actions: ProgramActions, asked?: string): Promise<Command> {
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
  const named = COMMANDS.filter(([names]) => asked !== undefined && names.includes(asked));
  const wanted = named.length > 0 ? named : COMMANDS;
  const all = await Promise.all(wanted.map(([, load]) => load()));
  for (const add of all) add(program, actions);
  return program;
}
