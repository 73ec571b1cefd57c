import type { ParsedEnv } from "../env-files/env-file.ts";
import type { Item } from "./reading.ts";

/** The keys of an env file. What is to be replaced in a value is left as it is written; a later key takes the place of an earlier one. */
export function itemsOfEnv({ entries }: ParsedEnv): readonly Item[] {
  const items = entries.map(({ key, value, line }): Item => ({
    key,
    state: value === undefined ? { kind: "unset" } : { kind: "value", text: value },
    line,
  }));
  return [...new Map(items.map((item) => [item.key, item])).values()];
}
