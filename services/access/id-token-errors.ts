import { KeysUnavailableError } from "./google-keys.ts";
import type { Refusal, Refuse, RefusalCode } from "./refusals.ts";

/** What jose found wrong with a claim, in our words. */
const CLAIMS: Readonly<Record<string, readonly [RefusalCode, string]>> = {
  nbf: [
    "TOKEN_NOT_YET_VALID",
    "It is valid from a time that is still to come; compare the clocks of both machines.",
  ],
  iat: [
    "TOKEN_NOT_YET_VALID",
    "It was made at a time that is still to come; compare the clocks of both machines.",
  ],
  iss: ["TOKEN_ISSUER", "Its issuer is not accounts.google.com."],
};

const CODES: Readonly<Record<string, readonly [RefusalCode, string]>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: ["TOKEN_ALGORITHM", "Google signs with RS256, and nothing else is accepted."],
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: [
    "TOKEN_SIGNATURE",
    "It was changed after it was signed, or was not signed by Google.",
  ],
  ERR_JWKS_NO_MATCHING_KEY: ["TOKEN_KEY_UNKNOWN", "None of the keys that Google publishes has its key id."],
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: ["TOKEN_KEY_UNKNOWN", "It does not name the key that it is signed with."],
};

const MALFORMED = "It looks like an identity token and cannot be read as one.";

/** The refusal for an error of the verification. jose's messages are not repeated: they may quote the token. */
export function describeRejection(
  error: unknown,
  { audiences, refuse }: { audiences: readonly string[]; refuse: Refuse },
): Refusal {
  const { code, claim, reason } = error as { code?: string; claim?: string; reason?: string };
  if (code === "ERR_JWT_EXPIRED") {
    return claim === "iat"
      ? refuse("TOKEN_LIFETIME", "It was made more than a day ago.")
      : refuse("TOKEN_EXPIRED", "Its time is over; ask for a new one.");
  }
  if (code === "ERR_JWT_CLAIM_VALIDATION_FAILED") {
    if (claim === "aud") {
      return refuse(
        "TOKEN_AUDIENCE",
        `It is not made for this service; the audience is ${audiences.join(" or ")}.`,
      );
    }
    const known = reason === "check_failed" ? CLAIMS[claim ?? ""] : undefined;
    return known === undefined
      ? refuse("TOKEN_MALFORMED", `Its claim ${claim ?? "?"} is missing or not what it has to be.`)
      : refuse(...known);
  }
  const known = CODES[code ?? ""];
  if (known !== undefined) return refuse(...known);
  if (/^ERR_(?:JWS|JWT|JOSE)_/.test(code ?? "")) return refuse("TOKEN_MALFORMED", MALFORMED);
  const detail =
    error instanceof KeysUnavailableError
      ? "Google's keys cannot be fetched now, and without them no token is believed."
      : "The check itself failed, and without it no token is believed.";
  return refuse("TOKEN_CHECK_UNAVAILABLE", detail, { retryAfter: 2 });
}
