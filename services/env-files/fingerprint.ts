/** Values as keyed fingerprints: equal values have equal ones under one key, and nobody without the key can guess back. */
import { createHmac } from "node:crypto";

/** Characters of the hexadecimal HMAC that are kept: 64 bits, so that two values do not meet by chance. */
const LENGTH = 16;

/** A key that is shorter could be guessed, and the values with it. */
export const SHORTEST_KEY = 32;

export interface Fingerprinter {
  /** `fp:` and 16 hexadecimal digits. */
  readonly of: (value: string) => string;
  /** Tells one key from another without telling anything of either: what was made with another cannot be compared. */
  readonly keyId: string;
}

/**
 * Fingerprints under this key. For what is kept or committed the key must be a secret that lasts; for what is shown once,
 * a random one for each run.
 */
export function createFingerprinter(key: Uint8Array): Fingerprinter {
  const digest = (purpose: string, text: string) =>
    createHmac("sha256", key).update(`greenlight:${purpose}:`).update(text).digest("hex").slice(0, LENGTH);
  return { of: (value) => `fp:${digest("value", value)}`, keyId: `key:${digest("key", "")}` };
}

export type FingerprintKey =
  | { readonly ok: true; readonly key: Uint8Array }
  | { readonly ok: false; readonly expected: string; readonly found: string };

/** The key in the text of a variable or a file; what is around it, such as the end of a line, is no part of it. */
export function readFingerprintKey(text: string): FingerprintKey {
  const key = text.trim();
  if (key.length >= SHORTEST_KEY) return { ok: true, key: new TextEncoder().encode(key) };
  const expected = `a key of at least ${SHORTEST_KEY} characters, such as that of: openssl rand -hex 32`;
  return { ok: false, expected, found: key === "" ? "nothing" : `${key.length} characters` };
}
