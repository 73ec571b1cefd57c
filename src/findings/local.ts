import { systemClock } from "../../services/clock.ts";
import type { FindingReasons } from "../../services/gate/findings.ts";
import { readFlags } from "../../services/policy/read-flags.ts";
import { isStrict, STRICT, stricter } from "../../services/policy/strictness.ts";
import type { CommandContext } from "../commands/context.ts";
import type { ConfigReader } from "../commands/read-config.ts";
import { createFindingServices } from "./services.ts";
import { findingSources } from "./sources.ts";

export interface LocalFindingsOptions {
  readonly readConfig: ConfigReader;
  /** `--strict-validation`, or the variable that says the same. */
  readonly strict: boolean;
}

/** What is found from here, and what it makes of a verdict. */
export type LocalFindings = (signal: AbortSignal) => Promise<FindingReasons>;

/** Whether this command is to be strict, whatever a configuration says. */
export const asksStrict = (
  { env }: Pick<CommandContext, "env">,
  { strictValidation = false }: { readonly strictValidation?: boolean | undefined },
): boolean => strictValidation || readFlags(env).on.includes("ENABLE_STRICT_VALIDATION");

/**
 * Reads the configuration; nothing is looked at before the function that it resolves with is called. Where nobody is
 * strict that looks at the policy alone, which costs nothing.
 *
 * @throws {CliError} 78 for faults of the configuration.
 */
export async function openLocalFindings(
  { env, cwd }: Pick<CommandContext, "env" | "cwd">,
  { readConfig, strict }: LocalFindingsOptions,
): Promise<LocalFindings> {
  const { config, origins, file } = await readConfig();
  const clock = systemClock;
  const strictness = strict ? stricter(config.strictness, STRICT) : config.strictness;
  const sources = findingSources({ config, origins, file, env, cwd, clock });
  return async (signal) => {
    const { registry, reasons } = createFindingServices({
      config: { strictness, waivers: config.waivers },
      sources,
      clock,
    });
    try {
      await registry.collect(signal, isStrict(strictness) ? undefined : ["policy"]);
      return reasons(false);
    } finally {
      registry.close();
    }
  };
}
