import { nearest } from "../config/suggest.ts";
import { EXIT } from "../exit-codes.ts";
import { CliError } from "./cli-error.ts";

const LISTED = 12;

export interface KnownNames {
  readonly known: readonly string[];
  /** The command that lists them, where they are too many for a message. */
  readonly listWith?: string;
  /** Default: that of wrong arguments. */
  readonly exitCode?: number;
}

/** The error for a name that nothing has, with the nearest and all known ones. */
export function unknownName(
  what: string,
  name: string,
  { known, listWith, exitCode = EXIT.usage }: KnownNames,
): CliError {
  const close = nearest(name, known);
  const suggestion = close === undefined ? "" : ` Did you mean ${close}?`;
  const list =
    known.length <= LISTED
      ? `Known: ${known.join(", ")}.`
      : `To see all ${known.length}, run: ${listWith ?? "greenlight --help"}`;
  return new CliError(exitCode, `there is no ${what} ${JSON.stringify(name)}.${suggestion}`, { hint: list });
}
