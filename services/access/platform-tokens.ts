import { describeStranger, findPrincipal } from "./allow-list.ts";
import type { Clock } from "../clock.ts";
import { createNo, type Decision, type TokenVerifier } from "./decision.ts";
import { GOOGLE_ISSUERS, identityIn, LEEWAY_MS } from "./google-claims.ts";
import { decodeJwt, STRIPPED_SIGNATURE } from "./jwt.ts";
import type { Rule } from "./options.ts";
import type { Refuse } from "./refusals.ts";

export interface PlatformTokensOptions {
  readonly rules: readonly Rule[];
  readonly clock: Clock;
  readonly refuse: Refuse;
}

/**
 * Mode `platform`: Cloud Run has checked the token and taken its signature away. Only that form is believed: a token with
 * a signature is one that nobody has looked at.
 */
export function createPlatformTokens({ rules, clock, refuse }: PlatformTokensOptions): TokenVerifier {
  const no = createNo(refuse);
  function verify(token: string): Decision {
    const jwt = decodeJwt(token);
    if (jwt === undefined) {
      return no("TOKEN_MALFORMED", "Cloud Run accepts identity tokens alone, and this is none.");
    }
    const { claims, signature } = jwt;
    if (signature !== STRIPPED_SIGNATURE) {
      const detail =
        "Cloud Run removes the signature of what it has checked, and this token still has one. Send it in the header that Cloud Run checks, and no other token in X-Serverless-Authorization.";
      return no("TOKEN_SIGNED", detail);
    }
    if (!GOOGLE_ISSUERS.includes(claims.iss as string)) {
      return no("TOKEN_ISSUER", "Its issuer is not accounts.google.com.");
    }
    const { exp } = claims;
    if (typeof exp !== "number" || exp * 1000 + LEEWAY_MS <= clock.now()) {
      return no("TOKEN_EXPIRED", "Its time is over; ask for a new one.");
    }
    const identity = identityIn(claims);
    if (identity === undefined) return no("EMAIL_UNVERIFIED", "It holds no verified e-mail address.");
    const principal = findPrincipal(rules, identity);
    if (principal === undefined) return no("PRINCIPAL_NOT_ALLOWED", describeStranger(rules, identity));
    return { ok: true, principal, expiresAt: exp * 1000 };
  }

  return { prepare: () => Promise.resolve(), verify };
}
