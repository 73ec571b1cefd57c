import { randomBytes } from "node:crypto";
import { createFingerprinter, readFingerprintKey } from "../../services/env-files/fingerprint.ts";
import type { Environment } from "../config/config.ts";
import { readVariable } from "../config/interpolate.ts";

/** The variable with the key of the baseline. */
const KEY_VARIABLE = "GREENLIGHT_BASELINE_KEY";

export interface DisplayFingerprints {
  readonly of: (value: string) => string;
  /** Absent: the key is thrown away with this run, and the fingerprints compare within its output alone. */
  readonly keyId?: string;
}

/** Fingerprints to be shown: comparable with the baseline's where its key is at hand, else with each other. */
export function displayFingerprints(env: Environment): DisplayFingerprints {
  const given = readFingerprintKey(readVariable(env, KEY_VARIABLE) ?? "");
  if (given.ok) return createFingerprinter(given.key);
  return { of: createFingerprinter(randomBytes(32)).of };
}
