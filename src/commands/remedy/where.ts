import type { Environment } from "../../config/config.ts";
import { usageError } from "../cli-error.ts";
import { quote } from "./next-steps.ts";

export interface WhereOptions {
  /** A service. */
  readonly url?: string | undefined;
  readonly config?: string | undefined;
}

/**
 * The service that is asked; undefined: it is done from here. A configuration that is named means here.
 *
 * @throws {CliError} for both at once.
 */
export function serviceFor(env: Environment, { url, config }: WhereOptions): string | undefined {
  if (url !== undefined && config !== undefined) throw usageError("give --url or --config, not both.");
  return url ?? (config === undefined ? env.GREENLIGHT_URL || undefined : undefined);
}

/** What the next command has to be given to find the same store: ` --url …`, ` --config …` or nothing. */
export function whereOf({ url, config }: WhereOptions): string {
  if (url !== undefined) return ` --url ${quote(url)}`;
  return config === undefined ? "" : ` --config ${quote(config)}`;
}
