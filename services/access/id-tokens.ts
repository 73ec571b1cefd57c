import type { JWTPayload, JWTVerifyOptions } from "jose";
import { describeStranger, findPrincipal } from "./allow-list.ts";
import { createNo, type Decision, type TokenVerifier } from "./decision.ts";
import {
  GCLOUD_CLIENT_ID,
  GOOGLE_ISSUERS,
  type GoogleTokensOptions,
  identityIn,
  LEEWAY_MS,
} from "./google-claims.ts";
import { createGoogleKeys, type GoogleKeys } from "./google-keys.ts";
import { describeRejection } from "./id-token-errors.ts";
import { decodeJwt, STRIPPED_SIGNATURE } from "./jwt.ts";

const KEYS_URL = "https://www.googleapis.com/oauth2/v3/certs";
const MAX_LIFETIME_S = 24 * 60 * 60;

/** Google's identity tokens: signature by Google's keys, audience and issuer ours, then the list. */
export function createIdTokens({ google, rules, clock, refuse }: GoogleTokensOptions): TokenVerifier {
  const no = createNo(refuse);
  const audiences = [...google.audiences, ...(google.gcloud ? [GCLOUD_CLIENT_ID] : [])];
  let keys: Promise<GoogleKeys> | undefined;
  const loadKeys = (): Promise<GoogleKeys> =>
    (keys ??= createGoogleKeys({ url: new URL(google.jwksUrl ?? KEYS_URL), clock }));

  async function verify(token: string): Promise<Decision> {
    const jwt = decodeJwt(token);
    if (jwt === undefined)
      return no("TOKEN_MALFORMED", "It looks like an identity token and cannot be read as one.");
    if (jwt.signature === STRIPPED_SIGNATURE) {
      const detail =
        "Cloud Run has removed the signature, and without one anybody could have written it. Behind Cloud Run's own check use access.mode platform.";
      return no("TOKEN_UNSIGNED", detail);
    }
    if (jwt.header.alg !== "RS256") {
      return no("TOKEN_ALGORITHM", "Google signs with RS256, and nothing else is accepted.");
    }
    try {
      const claims = await verifySignature(token);
      return decide(claims);
    } catch (error) {
      return { ok: false, refusal: describeRejection(error, { audiences: google.audiences, refuse }) };
    }
  }

  async function verifySignature(token: string): Promise<JWTPayload> {
    const [{ jwtVerify }, { getKey }] = await Promise.all([import("jose"), loadKeys()]);
    const options: JWTVerifyOptions = {
      algorithms: ["RS256"],
      audience: audiences,
      issuer: [...GOOGLE_ISSUERS],
      requiredClaims: ["exp", "iat", "sub"],
      maxTokenAge: MAX_LIFETIME_S,
      clockTolerance: LEEWAY_MS / 1000,
      currentDate: new Date(clock.now()),
    };
    return (await jwtVerify(token, getKey, options)).payload;
  }

  function decide(claims: JWTPayload): Decision {
    const { exp = 0, iat = 0 } = claims;
    if (exp - iat > MAX_LIFETIME_S)
      return no("TOKEN_LIFETIME", "It is valid for more than a day; Google's are not.");
    const identity = identityIn(claims);
    if (identity === undefined) {
      const detail =
        "It holds no verified e-mail address. A service account's token has one with --include-email, and from the metadata server with format=full.";
      return no("EMAIL_UNVERIFIED", detail);
    }
    const principal = findPrincipal(rules, identity);
    if (principal === undefined) return no("PRINCIPAL_NOT_ALLOWED", describeStranger(rules, identity));
    return { ok: true, principal, expiresAt: exp * 1000 };
  }

  return {
    async prepare() {
      const loaded = await loadKeys();
      // Not awaited: a start does not wait for Google, and the first token fetches what is missing.
      void loaded.prepare();
    },
    verify,
  };
}
