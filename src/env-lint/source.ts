import { resolve } from "node:path";
import type { FindingSourcesInput } from "../findings/sources.ts";
import type { FindingSource } from "../findings/source.ts";

/** Faults in the env files that are declared; none where nobody declares any. They are read each time. */
export function createEnvironmentSource({
  config,
  env,
  cwd,
  clock,
}: Pick<FindingSourcesInput, "config" | "env" | "cwd" | "clock">): FindingSource {
  const { layers, declared, directory, sources } = config.envFiles;
  return {
    name: "environment",
    async collect(signal) {
      if (!declared) return [];
      const { lintFiles } = await import("./lint-files.ts");
      const { findings } = await lintFiles({
        directory: resolve(cwd, directory),
        files: layers,
        declared,
        sources,
        labels: config.context.labels,
        ...(config.environment !== "unknown" && { environment: config.environment }),
        now: clock.now(),
        env,
        signal,
      });
      return findings;
    },
  };
}
