import type { Clock } from "../../services/clock.ts";
import type { CloudTarget } from "../../services/why/cloud.ts";
import { createFactReader, type FactReader } from "../../services/why/facts.ts";
import type { Config, Environment } from "../config/config.ts";
import { locate } from "../gcp/locate.ts";
import { openGcp } from "../gcp/open-gcp.ts";
import { cloudTarget, isInCloud } from "./target.ts";
import { misplacedAnnotations } from "./misplaced.ts";

export interface Cloud {
  readonly target: CloudTarget;
  /** One round of reading; nothing is asked before it is told to. */
  read(signal: AbortSignal): FactReader;
}

export interface OpenCloudOptions {
  readonly config: Pick<Config, "gcp">;
  readonly env: Environment;
  /** Where `cloudrun.yaml` may be. */
  readonly cwd: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Undefined where no cloud is configured, or where neither configuration nor metadata server says which project it is. */
export async function openCloud(options: OpenCloudOptions): Promise<Cloud | undefined> {
  const { config, env, cwd, clock, signal } = options;
  const { gcp } = config;
  if (!isInCloud(gcp)) return undefined;
  const [place, misplaced] = await Promise.all([locate(gcp, { env, signal }), misplacedAnnotations(cwd)]);
  const target = cloudTarget(gcp, place);
  if (target === undefined) return undefined;
  const { reader } = openGcp(gcp, { clock });
  return {
    target,
    read: (round) => createFactReader({ gcp: reader, target, misplaced, signal: round }),
  };
}
