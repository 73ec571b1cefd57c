import { COMMANDS } from "./program.ts";
import { type Outcome, runCommands, type RunCommandsOptions } from "./run-commands.ts";

/** Runs any command. */
export const runProgram = (options: Omit<RunCommandsOptions, "commands">): Promise<Outcome> =>
  runCommands({ ...options, commands: COMMANDS });
