import type { CommandTable } from "./parser.ts";

/** What pipelines call, again and again: alone in a file, it is loaded in half the time. */
export const GATE_COMMANDS: CommandTable = [
  [["wait", "run"], async () => (await import("./gate-commands.ts")).addGate],
];
