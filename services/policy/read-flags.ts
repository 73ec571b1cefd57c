import { isBypass, STRICT_FLAG_NAMES, type StrictFlagName } from "./flags.ts";

/** What the variables of a process say. */
export interface Flags {
  /** Set, in the order of the table. What is no boolean counts as set: it was meant to make something stricter. */
  readonly on: readonly StrictFlagName[];
  /** Said to be false. */
  readonly off: readonly StrictFlagName[];
  /** Neither true nor false. */
  readonly unreadable: readonly StrictFlagName[];
  /** Variables that turn a check off, sorted. */
  readonly bypasses: readonly string[];
}

export const NO_FLAGS: Flags = { on: [], off: [], unreadable: [], bypasses: [] };

/** `true`, `1`, `yes`, `on` and their opposites, in any case and with spaces around; undefined for anything else. */
export function readBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : undefined;
}

const TRUE: ReadonlySet<string> = new Set(["true", "1", "yes", "on", "y", "t"]);
const FALSE: ReadonlySet<string> = new Set(["false", "0", "no", "off", "n", "f"]);

/** Pure: reads every known flag and every bypass. An empty variable says nothing. */
export function readFlags(env: Readonly<Record<string, string | undefined>>): Flags {
  const given = STRICT_FLAG_NAMES.flatMap((name) => {
    const text = env[name];
    return text === undefined || text.trim() === "" ? [] : [{ name, value: readBoolean(text) }];
  });
  const bypasses = Object.entries(env).filter(
    ([name, text = ""]) => isBypass(name) && text.trim() !== "" && readBoolean(text) !== false,
  );
  return {
    on: given.flatMap(({ name, value }) => (value === false ? [] : [name])),
    off: given.flatMap(({ name, value }) => (value === false ? [name] : [])),
    unreadable: given.flatMap(({ name, value }) => (value === undefined ? [name] : [])),
    bypasses: bypasses.map(([name]) => name).sort(),
  };
}
