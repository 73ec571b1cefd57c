import type { Config, ConfigFault, ConfigSource, ConfigWarning } from "../config/config.ts";

/** What `config check` shows. */
export type ConfigReport =
  | {
      readonly schemaVersion: 1;
      readonly ok: true;
      /** With every secret masked and certificates left out. */
      readonly config: Config;
      readonly sources: Readonly<Record<string, ConfigSource>>;
      readonly warnings: readonly ConfigWarning[];
    }
  | { readonly schemaVersion: 1; readonly ok: false; readonly faults: readonly ConfigFault[] };
