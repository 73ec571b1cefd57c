/** A token, and what can be said of it without showing it. */
import * as v from "valibot";

export type SourceName =
  | "GREENLIGHT_TOKEN"
  | "metadata server"
  | "application default credentials"
  | "gcloud";

export interface Credential {
  readonly source: SourceName;
  /** Never shown. */
  readonly token: string;
  readonly kind: "ID token" | "access token" | "static token";
  /** Whom it says it is for; a token says nothing, or what nobody has verified. */
  readonly audiences: readonly string[];
  readonly email?: string;
  /** ISO 8601. */
  readonly expiresAt?: string;
  /** True when no other service than the one asked would accept it. */
  readonly bound: boolean;
}

/** What a source could not do, in words that quote none of its output. */
export class NoTokenError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = "NoTokenError";
  }
}

/** What `GET` a token from a source needs. */
export interface SourceInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whom the token is to be for: the origin of the service. */
  readonly audience: string;
  readonly signal: AbortSignal;
}

const claimsSchema = v.object({
  aud: v.optional(v.union([v.string(), v.array(v.string())])),
  email: v.optional(v.string()),
  exp: v.optional(v.number()),
});

/** Three parts: header, claims, signature. */
export const isJwt = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

/** Reads what a token says of itself; nothing of it is verified here, the service does that. */
export function describeToken(source: SourceName, token: string, audience: string): Credential {
  const claims = claimsOf(token);
  if (claims === undefined) {
    // A static token belongs to one service; an access token is good at all of Google's.
    const kind = token.startsWith("ya29.") ? "access token" : "static token";
    return { source, token, kind, audiences: [], bound: kind === "static token" };
  }
  const { aud = [], email, exp } = claims;
  const audiences = typeof aud === "string" ? [aud] : aud;
  const date = new Date((exp ?? Number.NaN) * 1000);
  return {
    source,
    token,
    kind: "ID token",
    audiences,
    ...(email !== undefined && { email }),
    ...(Number.isNaN(date.getTime()) ? {} : { expiresAt: date.toISOString() }),
    bound: audiences.length > 0 && audiences.every((each) => each === audience),
  };
}

function claimsOf(token: string): v.InferOutput<typeof claimsSchema> | undefined {
  if (!isJwt(token)) return undefined;
  try {
    const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    const result = v.safeParse(claimsSchema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
