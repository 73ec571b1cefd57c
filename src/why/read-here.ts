import { systemClock } from "../../services/clock.ts";
import type { Finding } from "../../services/findings/finding.ts";
import type { FindingReasons } from "../../services/gate/findings.ts";
import { CliError } from "../commands/cli-error.ts";
import type { CommandContext } from "../commands/context.ts";
import type { Config, ConfigFile, ConfigSource } from "../config/config.ts";
import { readConfigFile } from "../config/file.ts";
import { formatFaults } from "../config/format.ts";
import { loadConfig } from "../config/load.ts";
import { anyUrlVariable } from "../config/variables.ts";
import { EXIT } from "../exit-codes.ts";
import { createFindingServices } from "../findings/services.ts";
import { findingSources } from "../findings/sources.ts";
import { waivedIn } from "./service-why.ts";

export interface ReadHere {
  readonly config: Config;
  readonly origins: Readonly<Record<string, ConfigSource>>;
  readonly file: ConfigFile | undefined;
}

/** @throws {CliError} 78 for faults of the configuration, or when it names no dependency. */
export async function readForWhy(
  { env, cwd }: Pick<CommandContext, "env" | "cwd">,
  path: string | undefined,
): Promise<ReadHere> {
  const read = await readConfigFile({ env, cwd, path });
  const result = read.ok ? await loadConfig({ env, file: read.file }) : read;
  if (!result.ok) throw new CliError(EXIT.config, formatFaults(result.faults));
  if (result.config.dependencies.length === 0) {
    throw new CliError(EXIT.config, "no dependency is configured.", {
      hint: `Set ${anyUrlVariable()}, name what is to be observed in greenlight.yaml, or run: greenlight check postgres://user@host/database`,
    });
  }
  return { config: result.config, origins: result.sources, file: read.ok ? read.file : undefined };
}

export interface FoundHere {
  readonly reasons: FindingReasons;
  /** Errors of what somebody has configured to be watched, though nobody may be strict. */
  readonly watched: readonly Finding[];
  /** Ids that somebody has accepted, and still does. */
  readonly waived: ReadonlySet<string>;
}

const ASKED_FOR: ReadonlySet<string> = new Set(["policy", "drift"]);

/** Looks at every area once. */
export async function collectHere(
  { env, cwd, signal }: Pick<CommandContext, "env" | "cwd" | "signal">,
  { config, origins, file }: ReadHere,
): Promise<FoundHere> {
  const clock = systemClock;
  const sources = findingSources({ config, origins, file, env, cwd, clock });
  const { registry, view, reasons } = createFindingServices({
    config,
    sources,
    clock,
    everyMs: config.drift.everyMs,
  });
  try {
    await registry.collect(signal);
    const judged = view.current();
    const watched = judged.findings.flatMap(({ finding, source, waiver }) =>
      waiver === undefined && finding.severity === "error" && ASKED_FOR.has(source) ? [finding] : [],
    );
    return { reasons: reasons(false), watched, waived: waivedIn(judged.waivers) };
  } finally {
    registry.close();
  }
}
