import type { Config, ConfigFault } from "../../src/config/config.ts";
import { formatFaults } from "../../src/config/format.ts";
import { loadConfig } from "../../src/config/load.ts";

/** What a file and variables come to. */
export function read(text: string, env: Readonly<Record<string, string>> = {}) {
  return loadConfig({ env, file: { path: "greenlight.yaml", text } });
}

/** The configuration, and its warnings; throws when there is none. */
export async function configOf(text: string, env?: Readonly<Record<string, string>>) {
  const result = await read(text, env);
  if (!result.ok) throw new Error(formatFaults(result.faults));
  return result;
}

/** All faults; none when it is a configuration. */
export async function faultsOf(
  text: string,
  env?: Readonly<Record<string, string>>,
): Promise<readonly ConfigFault[]> {
  const result = await read(text, env);
  return result.ok ? [] : result.faults;
}

/** The options of the one dependency of a kind. */
export function only<K extends Config["dependencies"][number]["kind"]>(config: Config, kind: K) {
  const found = config.dependencies.filter((each) => each.kind === kind);
  if (found.length !== 1) throw new Error(`expected one ${kind}, found ${found.length}`);
  return found[0] as Extract<Config["dependencies"][number], { kind: K }>;
}
