import { calculateJwkThumbprint, exportJWK, generateKeyPair, type CryptoKey, type JWK } from "jose";
import type { AuthMode } from "./modes.ts";

/** A key pair for RS256 with its name. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}

/** Makes a key of 2048 bits (some 100 ms). */
export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const publicPart = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicPart);
  const about = { kid, alg: "RS256", use: "sig" };
  return {
    kid,
    privateKey,
    publicKey,
    publicJwk: { ...publicPart, ...about },
    privateJwk: { ...(await exportJWK(privateKey)), ...about },
  };
}

/** A key with the time it ends, in seconds, as OpenID Federation 1.0 publishes it. */
type PublishedKey = JWK & { exp?: number };

/** The JWKS as the mode spoils it. `now` in seconds. */
export function publishedKeys(key: SigningKey, mode: AuthMode, now: number): { keys: PublishedKey[] } {
  switch (mode) {
    case "no-keys":
      return { keys: [] };
    case "leaks-private-key":
      return { keys: [key.privateJwk] };
    case "expired-key":
      return { keys: [{ ...key.publicJwk, exp: now - 3600 }] };
    default:
      return { keys: [key.publicJwk] };
  }
}
