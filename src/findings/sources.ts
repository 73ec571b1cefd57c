import type { Clock } from "../../services/clock.ts";
import type { Config, ConfigFile, ConfigSource, Environment } from "../config/config.ts";
import { createContextSource } from "../context/source.ts";
import { createDriftSource } from "../drift/source.ts";
import { createEnvironmentSource } from "../env-lint/source.ts";
import { createPolicySource } from "./policy-source.ts";
import type { FindingSource } from "./source.ts";

/** What a source may look at. */
export interface FindingSourcesInput {
  readonly config: Config;
  /** By dotted key: whether a value is a default, or from the file or a variable. */
  readonly origins: Readonly<Record<string, ConfigSource>>;
  /** The configuration file, where there is one. */
  readonly file: ConfigFile | undefined;
  /** The variables of the process. */
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  readonly clock: Clock;
}

/** Every area that is looked at for findings. Nothing is read before `collect`. */
export function findingSources(input: FindingSourcesInput): readonly FindingSource[] {
  return [
    createContextSource(input),
    createEnvironmentSource(input),
    createPolicySource(input.config),
    createDriftSource(input),
  ];
}
