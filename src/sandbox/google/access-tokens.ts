import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { cloudScope, emailScope, gcloudClientId, person } from "./identities.ts";
import type { Reply } from "./part.ts";

/** What an access token is made for; by default as `gcloud auth print-access-token` does for a person. */
export interface AccessTokenOptions {
  email?: string;
  emailVerified?: boolean;
  sub?: string;
  /** The client that asked for it; `aud` is the same unless given. */
  azp?: string;
  aud?: string;
  scope?: string;
  /** Seconds; negative: it has expired already. Default 3599. */
  expiresIn?: number;
  accessType?: "online" | "offline";
}

/** Opaque tokens, and what Google tells about them. */
export interface AccessTokens {
  mint(options?: AccessTokenOptions): string;
  /** Answers `tokeninfo`. */
  tell(request: IncomingMessage, url: URL): Reply;
}

/** What is told of a token; all values are texts, as Google sends them. */
interface TokenInfo {
  fields: Readonly<Record<string, string>>;
  /** Seconds since 1970. */
  expires: number;
}

/** Seconds that a token of Google's lives. */
export const lifetimeSeconds = 3599;

/** Starts with no tokens. */
export function createAccessTokens(): AccessTokens {
  const known = new Map<string, TokenInfo>();
  return {
    mint(options = {}) {
      const { azp = gcloudClientId } = options;
      const kind = azp.endsWith(".apps.googleusercontent.com") ? "ya29.a0" : "ya29.c.c0";
      const token = `${kind}${randomBytes(96).toString("base64url")}`;
      known.set(token, describe({ ...options, azp }));
      return token;
    },
    tell(request, url) {
      const token =
        /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ??
        url.searchParams.get("access_token");
      if (url.pathname !== "/tokeninfo") {
        return { status: 404, body: "Not Found" };
      }
      if (token === null) {
        return refusal("invalid_request", "either access_token, id_token, or token_handle required");
      }
      const now = Math.floor(Date.now() / 1000);
      const info = known.get(token);
      if (info === undefined || info.expires <= now) {
        return refusal("invalid_token", "Invalid Value");
      }
      return {
        status: 200,
        body: { ...info.fields, expires_in: String(info.expires - now) },
        headers: uncached,
      };
    },
  };
}

const uncached = { "cache-control": "no-cache, no-store, max-age=0, must-revalidate" };

function refusal(error: string, error_description: string): Reply {
  return { status: 400, body: { error, error_description }, headers: uncached };
}

function describe(options: AccessTokenOptions & { azp: string }): TokenInfo {
  const { azp, scope = `openid ${emailScope} ${cloudScope}` } = options;
  const expires = Math.floor(Date.now() / 1000) + (options.expiresIn ?? lifetimeSeconds);
  const scopes = scope.split(" ");
  const knowsEmail = scopes.includes(emailScope) || scopes.includes("email");
  return {
    expires,
    fields: {
      azp,
      aud: options.aud ?? azp,
      sub: options.sub ?? person.uniqueId,
      scope,
      exp: String(expires),
      ...(knowsEmail
        ? { email: options.email ?? person.email, email_verified: String(options.emailVerified ?? true) }
        : {}),
      access_type: options.accessType ?? "offline",
    },
  };
}
