import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify, type JWTVerifyOptions } from "jose";
import { CauseError } from "../../errors.ts";
import { withoutSlash } from "./discovery-document.ts";
import { ALGORITHMS, type KeySet } from "./jwks.ts";
import { isRecord, parseJson } from "../../json.ts";

export interface VerifyOptions {
  readonly token: string;
  readonly keys: KeySet;
  /** As the discovery document spells it. */
  readonly issuer: string;
  /** Undefined: any. */
  readonly audience: string | undefined;
  /** Wall-clock milliseconds. */
  readonly now: number;
  /** Milliseconds by which the clocks may differ. */
  readonly toleranceMs: number;
}

/**
 * True for three parts of which the first is a JSON header, however it is encoded; access tokens may be opaque
 * (RFC 6749, 1.4), and Google's have dots too.
 */
export function isJwt(token: string): boolean {
  const [header = "", ...rest] = token.split(".");
  return rest.length === 2 && isRecord(parseJson(Buffer.from(header, "base64url").toString("utf8")));
}

/**
 * Verifies an issued token: signature by a published key and an asymmetric algorithm, issuer, audience, times.
 *
 * @throws {CauseError} `SIGNING_KEY_UNKNOWN`, `JWKS_EXPIRED_KEY`, `TOKEN_INVALID`; never with a part of the token.
 */
export async function verifyToken(options: VerifyOptions): Promise<void> {
  const { token, keys, issuer, audience, now, toleranceMs } = options;
  const settings: JWTVerifyOptions = {
    algorithms: [...ALGORITHMS],
    issuer: [withoutSlash(issuer), `${withoutSlash(issuer)}/`],
    ...(audience === undefined ? {} : { audience }),
    currentDate: new Date(now),
    clockTolerance: toleranceMs / 1000,
    requiredClaims: ["exp"],
  };
  try {
    await verifyWithAny(token, keys, settings);
  } catch (error) {
    throw describe(error, options);
  }
}

/** A token without `kid` may be of any of several keys. */
async function verifyWithAny(token: string, { keys }: KeySet, settings: JWTVerifyOptions): Promise<void> {
  try {
    await jwtVerify(token, createLocalJWKSet({ keys: [...keys] }), settings);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      const failure: unknown = await jwtVerify(token, key, settings).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (failure === undefined) return;
      if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function describe(error: unknown, { token, keys, issuer, audience, now }: VerifyOptions): CauseError {
  if (error instanceof errors.JWKSNoMatchingKey) {
    const { kid } = decodeProtectedHeader(token);
    if (kid !== undefined && keys.expired.has(kid))
      return new CauseError("JWKS_EXPIRED_KEY", "the key that signed the issued token has expired");
    const named = kid === undefined ? "a key without a name" : "a key";
    return new CauseError(
      "SIGNING_KEY_UNKNOWN",
      `the issued token is signed by ${named} that is not among the ${keys.keys.length} published`,
    );
  }
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return invalid("signature: the issued token does not fit the published key");
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid("algorithm: expected an asymmetric one, found another or none");
  if (error instanceof errors.JWTExpired) {
    const { exp = 0 } = error.payload;
    return invalid(`expiry: the issued token expired ${Math.round(now / 1000 - exp)} s ago`);
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    const expected: Readonly<Record<string, string>> = { iss: issuer, aud: audience ?? "" };
    const names: Readonly<Record<string, string>> = { iss: "issuer", aud: "audience", exp: "expiry" };
    const { claim, reason } = error;
    const wanted = expected[claim] === undefined ? "" : `, expected ${expected[claim]}`;
    return invalid(
      `${names[claim] ?? claim.slice(0, 20)}: ${reason === "missing" ? "missing" : "another"}${wanted}`,
    );
  }
  return invalid("form: the issued token cannot be read as a signed JWT");
}

const invalid = (what: string): CauseError => new CauseError("TOKEN_INVALID", what);
