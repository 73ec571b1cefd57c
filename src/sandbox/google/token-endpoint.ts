// https://oauth2.googleapis.com/token, for refresh tokens (RFC 6749, 6) and signed assertions (RFC 7523).
import { decodeJwt, type JWTPayload, jwtVerify } from "jose";
import { OAuthError } from "../auth/answer.ts";
import { readForm } from "../auth/form.ts";
import type { SigningKey } from "../auth/keys.ts";
import { type AccessTokens, lifetimeSeconds } from "./access-tokens.ts";
import type { IdTokens } from "./id-tokens.ts";
import { cloudScope, emailScope, gcloudClientId, person, serviceAccount } from "./identities.ts";
import type { Answerer, Reply } from "./part.ts";

/** What the endpoint makes tokens with, and the key that a service account signs with. */
export interface TokenEndpointOptions {
  accessTokens: AccessTokens;
  idTokens: IdTokens;
  accountKey: SigningKey;
  /** The audience that assertions must have. */
  audience: () => readonly string[];
}

const assertionGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** Answers `POST /token`. */
export function answerToken(options: TokenEndpointOptions): Answerer {
  return async (request, url) => {
    if (request.method !== "POST" || url.pathname !== "/token") {
      return { status: 404, body: "Not Found" };
    }
    try {
      const form = await readForm(request);
      switch (form.get("grant_type")) {
        case "refresh_token":
          return await refresh(options, form);
        case assertionGrant:
          return await exchange(options, form.get("assertion") ?? "");
        default:
          return refusal("unsupported_grant_type", `Invalid grant_type: ${form.get("grant_type") ?? ""}`);
      }
    } catch (error) {
      if (error instanceof OAuthError) {
        return error.answer();
      }
      throw error;
    }
  };
}

async function refresh(
  { accessTokens, idTokens }: TokenEndpointOptions,
  form: ReadonlyMap<string, string>,
): Promise<Reply> {
  if (form.get("client_id") !== gcloudClientId || form.get("client_secret") !== person.clientSecret) {
    return { status: 401, body: { error: "invalid_client", error_description: "Unauthorized" } };
  }
  if (form.get("refresh_token") !== person.refreshToken) {
    return refusal("invalid_grant", "Bad Request");
  }
  const scope = `openid ${emailScope} ${cloudScope}`;
  const access_token = accessTokens.mint({ scope });
  const id_token = await idTokens.mint();
  return granted({ access_token, scope, id_token });
}

async function exchange(options: TokenEndpointOptions, assertion: string): Promise<Reply> {
  const claims = await verified(options, assertion);
  if (claims === undefined) {
    return refusal("invalid_grant", "Invalid JWT Signature.");
  }
  const { email, uniqueId } = serviceAccount;
  const { target_audience: aud, scope } = claims;
  if (typeof aud === "string") {
    const about = { aud, azp: email, sub: uniqueId, email, email_verified: true };
    return { status: 200, body: { id_token: await options.idTokens.mint(about) } };
  }
  if (typeof scope !== "string" || scope === "") {
    return refusal("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
  }
  const access_token = options.accessTokens.mint({
    email,
    sub: uniqueId,
    azp: uniqueId,
    scope,
    accessType: "online",
  });
  return granted({ access_token });
}

async function verified(
  { accountKey, audience }: TokenEndpointOptions,
  assertion: string,
): Promise<JWTPayload | undefined> {
  try {
    await jwtVerify(assertion, accountKey.publicKey, {
      algorithms: ["RS256"],
      issuer: serviceAccount.email,
      audience: [...audience()],
    });
    return decodeJwt(assertion);
  } catch {
    return undefined;
  }
}

function granted(body: object): Reply {
  return { status: 200, body: { ...body, expires_in: lifetimeSeconds, token_type: "Bearer" } };
}

function refusal(error: string, error_description: string): Reply {
  return { status: 400, body: { error, error_description } };
}
