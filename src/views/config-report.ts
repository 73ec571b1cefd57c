import type { GcpOptions, GcpResource } from "../config/gcp.ts";
import type { Config, ConfigFault, ConfigSource, ConfigWarning } from "../config/config.ts";

/** What `config check` shows. */
export type ConfigReport =
  | {
      readonly schemaVersion: 1;
      readonly ok: true;
      /** With every secret masked and certificates left out. */
      readonly config: ShownConfig;
      readonly sources: Readonly<Record<string, ConfigSource>>;
      readonly warnings: readonly ConfigWarning[];
    }
  | { readonly schemaVersion: 1; readonly ok: false; readonly faults: readonly ConfigFault[] };

/** As JSON can hold it. */
export type ShownConfig = Omit<Config, "gcp"> & {
  readonly gcp: Omit<GcpOptions, "dependencies"> & {
    readonly dependencies: Readonly<Record<string, GcpResource>>;
  };
};
