import { SandboxError } from "./errors.ts";
import { faultModes, isFaultMode } from "./fault-modes.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import type { OwnFaults } from "./own-faults.ts";

/** The faults of a proxy and of the server behind it as one: the last one set is in force. */
export interface CombinedModes {
  readonly modes: readonly string[];
  readonly mode: string;
  set(mode: string, options?: { ms?: number | undefined }): Promise<void>;
}

/** Joins them. `set` throws `USAGE` for an unknown mode, and what `OwnFaults.set` throws. */
export function combineModes(
  name: string,
  proxy: Pick<FaultProxy, "mode" | "setMode">,
  own?: OwnFaults,
): CombinedModes {
  const modes = [...Object.keys(faultModes), ...(own?.modes ?? [])];
  return {
    modes,
    get mode() {
      return proxy.mode === "none" ? (own?.mode ?? "none") : proxy.mode;
    },
    async set(mode, options) {
      if (isFaultMode(mode)) {
        await proxy.setMode(mode, options);
        await own?.set("none");
      } else if (own?.modes.includes(mode)) {
        await own.set(mode, options);
        await proxy.setMode("none");
      } else {
        throw new SandboxError("USAGE", `${name} takes the modes ${modes.join(", ")}; found "${mode}".`);
      }
    },
  };
}
