import { systemClock } from "../../../services/clock.ts";
import { StoreError } from "../../../services/remediation/store-error.ts";
import type { Config } from "../../config/config.ts";
import { EXIT } from "../../exit-codes.ts";
import { openRemediation, type Remediation } from "../../remediation/open-remediation.ts";
import { CliError } from "../cli-error.ts";
import type { CommandContext } from "../context.ts";
import { readConfig } from "../read-config.ts";

/** Opens what a command applies with, and closes it afterwards. @throws {CliError} */
export async function withRemediation<T>(
  context: CommandContext,
  configPath: string | undefined,
  work: (opened: { readonly config: Config; readonly remediation: Remediation }) => Promise<T>,
): Promise<T> {
  const { env, cwd } = context;
  const { config } = await readConfig(context, configPath, { listens: false });
  let remediation: Remediation | undefined;
  try {
    remediation = await openRemediation({ config, env, cwd, clock: systemClock });
    return await work({ config, remediation });
  } catch (error) {
    if (error instanceof StoreError)
      throw new CliError(EXIT.temporary, error.message, {
        cause: error,
        hint: "Nothing was begun. See that the store can be used: store.path or store.url in greenlight.yaml.",
      });
    throw error;
  } finally {
    await remediation?.close();
  }
}
