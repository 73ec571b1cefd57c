import type { Verified, VerifierCall } from "./verifier.ts";
import { held, pending, unknown } from "./verify-words.ts";

type ProbeCall = Extract<VerifierCall, { kind: "probe" }>;

export type Observed =
  | { readonly kind: "passes"; readonly evidence: string }
  | { readonly kind: "fails"; readonly evidence: string }
  /** Nothing of that name is observed, or the check itself failed. */
  | { readonly kind: "unknown"; readonly because: string };

/** Observes a dependency once, as the probe does that failed: an observation that began after it was asked for. */
export interface ObserveCapability {
  /** Rejects with the reason of the signal alone. */
  observe(dependency: string, signal: AbortSignal): Promise<Observed>;
}

/** One observation; who asks again counts how many held in a row. */
export async function verifyProbe(
  { dependency }: ProbeCall,
  probe: ObserveCapability,
  signal: AbortSignal,
): Promise<Verified> {
  const seen = await probe.observe(dependency, signal);
  if (seen.kind === "unknown") return unknown(`${dependency}: ${seen.because}`);
  // After a change even a definite failure may be one that has not come into force everywhere.
  return seen.kind === "passes"
    ? held(`${dependency} passes: ${seen.evidence}`)
    : pending(`${dependency} fails: ${seen.evidence}`);
}
