import { GATE_COMMANDS } from "./gate-table.ts";
import { type Outcome, runCommands, type RunCommandsOptions } from "./run-commands.ts";

/** Runs `wait` or `run`. */
export const runGate = (options: Omit<RunCommandsOptions, "commands">): Promise<Outcome> =>
  runCommands({ ...options, commands: GATE_COMMANDS });
