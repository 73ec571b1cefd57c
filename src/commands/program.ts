/** All commands. */
import type { Command } from "commander";
import type { ProgramActions } from "./actions.ts";
import { GATE_COMMANDS } from "./gate-table.ts";
import { type CommandTable, createParser } from "./parser.ts";

/** In the order of the help. */
export const COMMANDS: CommandTable = [
  [["serve"], async () => (await import("./serve-commands.ts")).addServe],
  [["check"], async () => (await import("./check-command.ts")).addCheck],
  [["why"], async () => (await import("./why-command.ts")).addWhy],
  ...GATE_COMMANDS,
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

/** Makes the parser of all commands, or of the one that is asked for; see `createParser`. */
export const createProgram = (actions: ProgramActions, asked?: string): Promise<Command> =>
  createParser(COMMANDS, actions, asked);
