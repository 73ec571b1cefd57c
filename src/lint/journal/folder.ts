/** journal: what `--fix` changed, kept outside of the tree, so that each run can be undone. */
import { join } from "node:path";
import type { Environment } from "../../config/config.ts";
import { stateFolder } from "../../state-folder.ts";

/** Where the journals are: one folder a run. */
export const journalFolder = (env: Environment): string => join(stateFolder(env), "lint");
