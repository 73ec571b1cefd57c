import { CliError } from "../commands/cli-error.ts";
import type { CommandContext } from "../commands/context.ts";
import { EXIT } from "../exit-codes.ts";
import type { Finding } from "../../services/findings/finding.ts";
import { type Look, lookForDrift } from "./look.ts";
import { type ReadConfig, readConfig } from "../commands/read-config.ts";

/**
 * The configuration, which must name sources.
 *
 * @throws {CliError} when it is wrong or names none (78).
 */
export async function prepareDrift(context: CommandContext, path: string | undefined): Promise<ReadConfig> {
  const read = await readConfig(context, path);
  if (read.config.drift.sources.length > 0) return read;
  throw new CliError(EXIT.config, "no source is configured that could be compared.", {
    hint: "Name them in greenlight.yaml, such as: drift: { sources: [{ env: .env.staging }] }",
  });
}

/** Ends a command with what stands in the way, and what to do first. */
export function troubleError({ message, evidence, remedies }: Finding): CliError {
  const facts = evidence.length === 0 ? "" : ` (${evidence.join("; ")})`;
  return new CliError(EXIT.config, `${message}${facts}`, { hint: remedies.join("\n") });
}

export type Comparable = Look & Required<Pick<Look, "compared">>;

/**
 * Everything compared.
 *
 * @throws {CliError} when nothing can be compared (78).
 */
export async function compareOrEnd(
  context: CommandContext,
  { config }: Pick<ReadConfig, "config">,
): Promise<Comparable> {
  const look = await lookForDrift({ drift: config.drift, ...context });
  const { compared, troubles } = look;
  if (compared !== undefined) return { ...look, compared };
  const [first] = troubles;
  if (first === undefined) throw new Error("nothing was compared, and nothing says why");
  throw troubleError(first);
}
