import type { FindingSource } from "../findings/source.ts";
import type { FindingSourcesInput } from "../findings/sources.ts";

/** Drift for the service and the gate; nothing is found where no source is configured. */
export function createDriftSource({
  config,
  env,
  cwd,
}: Pick<FindingSourcesInput, "config" | "env" | "cwd">): FindingSource {
  const { drift } = config;
  return {
    name: "drift",
    async collect(signal) {
      if (drift.sources.length === 0) return [];
      const [{ lookForDrift }, { findingOfChange }] = await Promise.all([
        import("./look.ts"),
        import("../../services/drift/findings.ts"),
      ]);
      const { changes, troubles } = await lookForDrift({ drift, env, cwd, signal });
      return [...troubles, ...changes.map(findingOfChange)];
    },
  };
}
