import { createAccessTokens } from "./access-tokens.ts";
import type { TokenVerifier } from "./decision.ts";
import type { GoogleTokensOptions } from "./google-claims.ts";
import { createIdTokens } from "./id-tokens.ts";
import { looksLikeJwt } from "./jwt.ts";

/** Mode `google`: identity tokens by their signature, every other by asking Google. */
export function createGoogleTokens(options: GoogleTokensOptions): TokenVerifier {
  const idTokens = createIdTokens(options);
  const accessTokens = createAccessTokens(options);
  return {
    async prepare() {
      await Promise.all([idTokens.prepare(), accessTokens.prepare()]);
    },
    verify: (token) => (looksLikeJwt(token) ? idTokens : accessTokens).verify(token),
  };
}
