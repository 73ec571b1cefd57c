import type { Config } from "../../config/config.ts";
import { readConfigFile } from "../../config/file.ts";
import { formatFaults } from "../../config/format.ts";
import { loadConfig } from "../../config/load.ts";
import { EXIT } from "../../exit-codes.ts";
import { CliError } from "../cli-error.ts";
import type { CommandContext } from "../context.ts";

/** @throws {CliError} with all faults. Who may ask a service on Cloud Run does not matter here. */
export async function readCommandConfig(
  { env, cwd }: Pick<CommandContext, "env" | "cwd">,
  path: string | undefined,
): Promise<Config> {
  const read = await readConfigFile({ env, cwd, path });
  if (!read.ok) throw new CliError(EXIT.config, formatFaults(read.faults));
  const { file } = read;
  const loaded = await loadConfig({ env, file });
  if (loaded.ok) return loaded.config;
  if (loaded.faults.every(({ code }) => code === "CONFIG_ACCESS")) {
    const elsewhere = await loadConfig({ env: { ...env, K_SERVICE: undefined, HOST: undefined }, file });
    if (elsewhere.ok) return elsewhere.config;
  }
  throw new CliError(EXIT.config, formatFaults(loaded.faults));
}
