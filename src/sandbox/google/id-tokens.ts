import { type JWK, SignJWT } from "jose";
import { makeSigningKey, type SigningKey } from "../auth/keys.ts";
import { gcloudClientId, person } from "./identities.ts";
import type { Reply } from "./part.ts";

/** Google's signing keys and the tokens made with them. */
export interface IdTokens {
  /** Claims replace the defaults, and undefined leaves one out; `header` replaces members of the protected header. */
  mint(
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  /** Signs with a new key from now on. The one before stays published, unless `keep` is false. */
  rotate(options?: { keep?: boolean }): Promise<void>;
  /** Answers for the certificates. */
  published(): Reply;
}

const lifetimeSeconds = 3600;
const caching = "public, max-age=19800, must-revalidate, no-transform";

/** Makes the first key. */
export async function createIdTokens(): Promise<IdTokens> {
  let key = await makeSigningKey();
  let published: readonly SigningKey[] = [key];
  return {
    mint(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const payload = {
        iss: "https://accounts.google.com",
        azp: gcloudClientId,
        aud: gcloudClientId,
        sub: person.uniqueId,
        email: person.email,
        email_verified: true,
        iat: now,
        exp: now + lifetimeSeconds,
        ...claims,
      };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: "RS256", kid: key.kid, typ: "JWT", ...header })
        .sign(key.privateKey);
    },
    async rotate({ keep = true } = {}) {
      const next = await makeSigningKey();
      published = keep ? [next, key] : [next];
      key = next;
    },
    published() {
      const keys: JWK[] = published.map(({ publicJwk }) => publicJwk);
      return { status: 200, body: { keys }, headers: { "cache-control": caching } };
    },
  };
}
