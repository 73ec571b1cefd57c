import type { Dialect } from "./dialect.ts";
import type { ParsedEnv } from "./env-file.ts";

/** What this dialect reads in the text. Never throws: what is wrong is in `faults`. */
export function parseEnv(_text: string, _dialect: Dialect): ParsedEnv {
  return { entries: [], comments: [], faults: [] };
}
