import { systemClock } from "../../services/clock.ts";
import type { Finding } from "../../services/findings/finding.ts";
import type { FindingReasons } from "../../services/gate/findings.ts";
import { nothingToObserve } from "../commands/candidates.ts";
import type { CommandContext } from "../commands/context.ts";
import { createFindingServices } from "../findings/services.ts";
import { findingSources } from "../findings/sources.ts";
import { waivedIn } from "./service-why.ts";
import { type ReadConfig, readConfig } from "../commands/read-config.ts";

/** @throws {CliError} 78 for faults of the configuration, or when it names no dependency. */
export async function readForWhy(
  context: Pick<CommandContext, "env" | "cwd">,
  path: string | undefined,
): Promise<ReadConfig> {
  const read = await readConfig(context, path);
  if (read.config.dependencies.length === 0) throw nothingToObserve();
  return read;
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
  { config, origins, file }: ReadConfig,
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
