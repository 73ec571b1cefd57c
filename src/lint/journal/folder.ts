/** journal: what `--fix` changed, kept outside of the tree, so that each run can be undone. */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Environment } from "../../config/config.ts";

/** Where the journals are: one folder a run. By the XDG base directory specification a relative path counts for nothing. */
export function journalFolder({ XDG_STATE_HOME = "", HOME = "" }: Environment): string {
  const state = isAbsolute(XDG_STATE_HOME)
    ? XDG_STATE_HOME
    : join(isAbsolute(HOME) ? HOME : homedir(), ".local", "state");
  return join(state, "greenlight", "lint");
}
