/** What the steps after the schema are handed: the checked values around theirs, and where to say what is wrong. */
import type { Flags } from "../../services/policy/read-flags.ts";
import type { ConfigFault, ConfigFaultCode, ConfigSource, ConfigWarning } from "./config.ts";
import type { Parsed } from "./schema.ts";

export interface ResolveInput {
  readonly environment: string;
  readonly probe: Parsed["probe"];
  readonly onCloudRun: boolean;
  /** The known flags among the variables. */
  readonly flags: Flags;
  readonly sources: ReadonlyMap<string, ConfigSource>;
  /** Where a key was set, for messages. */
  readonly place: (path: string) => string;
  /** The folder that the path of a certificate starts at. */
  readonly directoryOf: (path: string) => string;
  /** Keys that have a fault already. */
  readonly broken: ReadonlySet<string>;
  /** Keys whose value is not to be shown. */
  readonly hidden: ReadonlySet<string>;
  readonly report: (fault: ConfigFault) => void;
  readonly warn: (warning: ConfigWarning) => void;
}

/** What was expected, what was found, what to do instead. Neither ever quotes a credential. */
export type Problem = Pick<ConfigFault, "expected" | "found" | "suggestion">;

/** Reports what is wrong with the value at a key. */
export function faultAt(
  { place, report }: Pick<ResolveInput, "place" | "report">,
  path: string,
  { expected, found, suggestion }: Problem,
  code: ConfigFaultCode = "CONFIG_INVALID_VALUE",
): undefined {
  report({ code, where: place(path), path, expected, found, ...(suggestion && { suggestion }) });
}

export function warnAt(
  { place, warn }: Pick<ResolveInput, "place" | "warn">,
  path: string,
  message: string,
): void {
  warn({ where: place(path), path, message });
}

/** True when the key, or anything within it, has a fault already. */
export function isBroken({ broken }: Pick<ResolveInput, "broken">, path: string): boolean {
  return broken.has(path) || [...broken].some((other) => other.startsWith(`${path}.`));
}
