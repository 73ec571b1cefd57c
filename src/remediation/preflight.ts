import { preflight } from "../../services/gcp/preflight.ts";
import type { GcpTransport } from "../../services/gcp/transport.ts";
import type { EngineOptions } from "../../services/remediation/engine.ts";

/** Asks as the remediator which permissions are held, before the first change. Undefined without a remediator. */
export function createPreflight(writer: GcpTransport | undefined): EngineOptions["preflight"] {
  if (writer === undefined) return undefined;
  return async (permissions, signal) => {
    const answer = await preflight(writer, { needed: permissions, signal });
    if (answer.kind === "held") return { kind: "held" };
    if (answer.missing.length > 0) return { kind: "missing", permissions: answer.missing };
    if (answer.kind === "missing") return { kind: "missing", permissions: answer.missing };
    const [first] = answer.unknown;
    return {
      kind: "unknown",
      because: first === undefined ? "it was not asked" : `${first.resource}: ${first.because}`,
    };
  };
}
