import type { Environment } from "../config/config.ts";
import { readVersion } from "../version.ts";
import type { Fingerprint } from "../views/fingerprint.ts";
import { readRunFacts } from "./run-facts.ts";

/** Everything of a run's fingerprint that is no dependency's. */
export function aboutRun(
  env: Environment,
  { environment, release }: { readonly environment: string; readonly release?: string | undefined },
): Omit<Fingerprint, "dependencies"> {
  return { environment, greenlight: readVersion(), ...readRunFacts(env, { release }) };
}
