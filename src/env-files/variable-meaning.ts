import { STRICT_FLAGS } from "../../services/policy/flags.ts";
import { COMMAND_LINE_VARIABLES, HANDED_ON_VARIABLES } from "../config/from-variables.ts";
import type { KeyTable } from "../config/keys.ts";
import type { KeyMeaning } from "../views/env-explain-report.ts";

/** The variable that is meant: a key of the configuration stands for the variable that sets it. */
export function variableNamed(name: string, table: KeyTable): string {
  return table.rows.find(({ path, variable }) => path === name && variable !== undefined)?.variable ?? name;
}

/** What Greenlight reads the variable for; nothing when it does not. */
export function meaningOfVariable(name: string, table: KeyTable): KeyMeaning | undefined {
  const row = table.rows.find(({ variable }) => variable === name);
  if (row) return { path: row.path, meaning: row.meaning, type: row.type };
  const flags: Readonly<Record<string, { readonly meaning: string }>> = STRICT_FLAGS;
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (flag) return { meaning: flag.meaning };
  if (COMMAND_LINE_VARIABLES.includes(name)) return { meaning: "Read by the command line." };
  if (HANDED_ON_VARIABLES.includes(name)) return { meaning: "Set by `greenlight run` for its command." };
  return undefined;
}
