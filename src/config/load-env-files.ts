/** The layers of env files alone, for commands that look at them: what else is wrong does not stand in their way. */
import { dirname } from "node:path";
import { checkDraft } from "./check.ts";
import type { ConfigFault, ConfigFile, Environment } from "./config.ts";
import { emptyDraft, placeOf } from "./draft.ts";
import { type EnvFilesConfig, resolveEnvFiles } from "./env-files.ts";
import { draftFromFile } from "./from-file.ts";
import { applyVariables, overriddenKeys } from "./from-variables.ts";
import { type KeyTable, readKeyTable } from "./keys.ts";

export type LoadedEnvFiles =
  | {
      readonly ok: true;
      readonly environment: string;
      readonly envFiles: EnvFilesConfig;
      readonly table: KeyTable;
      /** How many faults the rest of the configuration has. */
      readonly otherFaults: number;
    }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

export interface LoadEnvFilesInput {
  readonly env: Environment;
  readonly file?: ConfigFile | undefined;
  /** Wins over what is configured. */
  readonly environment?: string | undefined;
}

/** Never throws for what a user wrote. */
export async function loadEnvFiles({ env, file, environment }: LoadEnvFilesInput): Promise<LoadedEnvFiles> {
  const table = readKeyTable();
  const base = file
    ? await draftFromFile({ file, env, table, overridden: overriddenKeys(env, table) })
    : emptyDraft();
  const draft = applyVariables(base, env, table);
  const checked = checkDraft(draft, table);
  const faults = [...draft.faults, ...checked.faults];
  const { parsed } = checked;
  if (!parsed) return { ok: false, faults };
  const chosen = environment ?? parsed.environment;
  const envFiles = resolveEnvFiles(parsed.envFiles, {
    environment: chosen,
    place: (path) => placeOf(draft.sources, path),
    directoryOf: () => (file ? (file.directory ?? dirname(file.path)) : "."),
    report: (fault) => faults.push(fault),
  });
  const own = faults.filter(({ code, path = "" }) => code === "CONFIG_SYNTAX" || /^envFiles\b/.test(path));
  if (own.length > 0) return { ok: false, faults: own };
  return { ok: true, environment: chosen, envFiles, table, otherFaults: faults.length };
}
