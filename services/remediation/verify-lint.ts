import type { LintCapability } from "./capability.ts";
import type { Verified, VerifierCall } from "./verifier.ts";
import { contrary, held, unknown } from "./verify-words.ts";

type LintCall = Extract<VerifierCall, { kind: "lint" }>;

/** Nothing in the folder that this lint stands in the way of. */
export async function verifyLint(
  { what, folder, withinMs }: LintCall,
  lint: LintCapability,
  signal: AbortSignal,
): Promise<Verified> {
  try {
    const count = await lint.count(what, folder, signal);
    const place = `the lint of ${what} in ${folder}`;
    if (count === 0) return held(`${place} finds nothing`);
    return contrary(`${place}: expected nothing, found ${count}`, withinMs !== undefined);
  } catch (error) {
    signal.throwIfAborted();
    return unknown(error instanceof Error ? error.message : String(error));
  }
}
