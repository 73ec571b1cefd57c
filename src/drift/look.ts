import type { Baseline } from "../../services/drift/baseline.ts";
import { type Change, compareWithBaseline } from "../../services/drift/compare.ts";
import { findingOfFault } from "../../services/drift/findings.ts";
import { createIgnored, type IsIgnored } from "../../services/drift/ignore.ts";
import type { Reading } from "../../services/drift/reading.ts";
import type { Fingerprinter } from "../../services/env-files/fingerprint.ts";
import { createFinding } from "../../services/findings/create.ts";
import type { Finding } from "../../services/findings/finding.ts";
import type { Environment } from "../config/config.ts";
import type { DriftOptions } from "../config/drift.ts";
import { loadBaseline } from "./baseline-file.ts";
import { readKey } from "./key.ts";
import { readSources } from "./read-source.ts";

export interface LookInput {
  readonly drift: DriftOptions;
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** One comparison of everything, as far as it was possible. */
export interface Look {
  readonly changes: readonly Change[];
  /** Why something, or all of it, could not be compared. */
  readonly troubles: readonly Finding[];
  readonly reading: Reading;
  readonly ignored: IsIgnored;
  /** Present when the baseline could be compared. */
  readonly compared?: {
    readonly baseline: Baseline;
    readonly text: string;
    readonly fingerprinter: Fingerprinter;
  };
}

/** Reads everything and compares it. Rejects only when `signal` aborts. */
export async function lookForDrift({ drift, env, cwd, signal }: LookInput): Promise<Look> {
  const [key, loaded, reading] = await Promise.all([
    readKey({ drift, env, cwd }),
    loadBaseline(drift.baseline, cwd, signal),
    readSources({ sources: drift.sources, env, cwd, signal }),
  ]);
  const ignored = createIgnored(drift.ignore);
  const faults = reading.faults.map(findingOfFault);
  const look = { changes: [], reading, ignored };
  const troubles = [
    ...(key.ok ? [] : [key.finding]),
    ...(loaded.kind === "loaded" ? [] : [loaded.finding]),
    ...faults,
  ];
  if (loaded.kind !== "loaded" || !key.ok) return { ...look, troubles };
  const { baseline, text } = loaded;
  const { fingerprinter } = key;
  const result = compareWithBaseline({ baseline, reading, fingerprinter, ignored });
  if (result.kind === "other-key")
    return { ...look, troubles: [wrongKey(drift, baseline, fingerprinter), ...faults] };
  return { ...look, troubles, changes: result.changes, compared: { baseline, text, fingerprinter } };
}

export const wrongKey = (drift: DriftOptions, baseline: Baseline, fingerprinter: Fingerprinter): Finding =>
  createFinding({
    code: "DRIFT_KEY_WRONG",
    subject: "drift",
    message: `The key is not that of ${drift.baseline.shown}, so nothing was compared.`,
    evidence: [`the baseline was made with ${baseline.keyId}`, `the key given is ${fingerprinter.keyId}`],
  });
