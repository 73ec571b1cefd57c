/** The outer shape of a JWT. Nothing here checks a signature: whoever uses claims from here has to know why they hold. */

/** Cloud Run puts this in the place of the signature of a token that it has checked. */
export const STRIPPED_SIGNATURE = "SIGNATURE_REMOVED_BY_GOOGLE";

export interface UnverifiedJwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** As it was sent; may be empty. */
  readonly signature: string;
}

/** Undefined when it is not three segments of which the first two are JSON objects. */
export function decodeJwt(token: string): UnverifiedJwt | undefined {
  const segments = token.split(".");
  if (segments.length !== 3) return undefined;
  const [header, claims] = segments.slice(0, 2).map(decodeSegment);
  return header === undefined || claims === undefined
    ? undefined
    : { header, claims, signature: segments[2] ?? "" };
}

function decodeSegment(segment: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, "base64url").toString("utf8"));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether it wants to be a JWT, which mostly starts with `{"` in base64url. Google's opaque tokens start with `ya29.`, and
 * some of them have two dots too.
 */
export const looksLikeJwt = (token: string): boolean =>
  token.startsWith("eyJ") || (!token.startsWith("ya29.") && decodeJwt(token) !== undefined);
