import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Environment } from "./config/config.ts";

/** Where a user's own state is kept. By the XDG base directory specification a relative path counts for nothing. */
export function stateFolder({ XDG_STATE_HOME = "", HOME = "" }: Environment): string {
  const state = isAbsolute(XDG_STATE_HOME)
    ? XDG_STATE_HOME
    : join(isAbsolute(HOME) ? HOME : homedir(), ".local", "state");
  return join(state, "greenlight");
}
