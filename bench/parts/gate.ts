import type { Lab } from "../lab.ts";
import { type CommandTime, measureCommands } from "./gate/commands.ts";
import { type Held, measureHeld } from "./gate/held.ts";
import { type Join, measureJoin } from "./gate/join.ts";

/** What the gate costs, on the command line and in the service. */
export interface GateFigures {
  readonly commands: readonly CommandTime[];
  readonly held: Held;
  readonly join: Join;
}

export async function measureGate(lab: Lab): Promise<GateFigures> {
  return {
    commands: await measureCommands(lab),
    held: await measureHeld(lab),
    join: await measureJoin(lab),
  };
}
