import type { FindingSource } from "../findings/source.ts";
import type { GatherInput } from "./gather.ts";

export type ContextSourceInput = Pick<GatherInput, "config" | "env" | "cwd" | "flag" | "namespaceFile">;

/** Contradictions about the environment, or that it is unknown. Servers that can declare it are asked each time. */
export function createContextSource(input: ContextSourceInput): FindingSource {
  return {
    name: "context",
    async collect(signal) {
      const [{ detectContext }, { findingsOf }] = await Promise.all([
        import("./detect-context.ts"),
        import("../../services/context/findings.ts"),
      ]);
      return findingsOf(await detectContext({ ...input, probe: true, signal }));
    },
  };
}
