import type { Config, ConfigFile, ConfigSource } from "../config/config.ts";
import { readConfigFile } from "../config/file.ts";
import { formatFaults } from "../config/format.ts";
import { loadConfig } from "../config/load.ts";
import { EXIT } from "../exit-codes.ts";
import { CliError } from "./cli-error.ts";
import type { CommandContext } from "./context.ts";

/** The configuration that a command goes by. */
export interface ReadConfig {
  readonly config: Config;
  /** By dotted key: where its value is from. */
  readonly origins: Readonly<Record<string, ConfigSource>>;
  /** Absent where there is none. */
  readonly file: ConfigFile | undefined;
}

export interface ReadConfigOptions {
  /** That nothing listens here, so that it does not matter where on Cloud Run a service would, and who might ask it. */
  readonly listens?: false;
}

/**
 * Reads the configuration of a command: the file that was named, or `greenlight.yaml`, and the variables.
 *
 * @throws {CliError} 78 with all faults.
 */
export async function readConfig(
  { env, cwd }: Pick<CommandContext, "env" | "cwd">,
  path: string | undefined,
  { listens }: ReadConfigOptions = {},
): Promise<ReadConfig> {
  const read = await readConfigFile({ env, cwd, path });
  if (!read.ok) throw new CliError(EXIT.config, formatFaults(read.faults));
  const { file } = read;
  const loaded = await loadConfig({ env, file });
  if (loaded.ok) return { config: loaded.config, origins: loaded.sources, file };
  if (listens === false && loaded.faults.every(({ code }) => code === "CONFIG_ACCESS")) {
    const elsewhere = await loadConfig({ env: { ...env, K_SERVICE: undefined, HOST: undefined }, file });
    if (elsewhere.ok) return { config: elsewhere.config, origins: elsewhere.sources, file };
  }
  throw new CliError(EXIT.config, formatFaults(loaded.faults));
}

/** Reads it when it is first asked for, and once: whoever asks again is told the same, its faults too. */
export type ConfigReader = () => Promise<ReadConfig>;

export function createConfigReader(
  context: Pick<CommandContext, "env" | "cwd">,
  path: string | undefined,
): ConfigReader {
  let read: Promise<ReadConfig> | undefined;
  return () => (read ??= readConfig(context, path));
}
