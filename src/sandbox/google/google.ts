// What of Google's cannot run here, faked on loopback: keys, tokeninfo, the token endpoint and the metadata server.
import { exportPKCS8 } from "jose";
import { makeSigningKey } from "../auth/keys.ts";
import { type AccessTokenOptions, createAccessTokens } from "./access-tokens.ts";
import { createIdTokens, type IdTokens } from "./id-tokens.ts";
import { gcloudClientId, person, project, serviceAccount } from "./identities.ts";
import { answerMetadata } from "./metadata.ts";
import { type PartMode, startPart } from "./part.ts";
import { answerToken } from "./token-endpoint.ts";

export type GooglePart = "jwks" | "tokenInfo" | "metadata" | "token";

/** A running fake. Its person, service account and project are those of `identities.ts`. */
export interface FakeGoogle {
  /** As https://oauth2.googleapis.com, without `/tokeninfo`. */
  readonly url: string;
  /** As https://www.googleapis.com/oauth2/v3/certs. */
  readonly jwksUrl: string;
  /** As https://oauth2.googleapis.com/tokeninfo. */
  readonly tokenInfoUrl: string;
  /** As https://oauth2.googleapis.com/token. */
  readonly tokenUrl: string;
  /** For `GCE_METADATA_HOST`: `127.0.0.1:PORT`. */
  readonly metadataHost: string;
  /** An ID token of Google's, for gcloud and its person unless claims say otherwise; see `IdTokens`. */
  readonly mintIdToken: IdTokens["mint"];
  /** An access token that tokeninfo knows. */
  mintAccessToken(options?: AccessTokenOptions): string;
  readonly rotateKeys: IdTokens["rotate"];
  /** `ms`: how late answers come in mode `slow` (default 5000). */
  setDown(part: GooglePart, mode: PartMode, options?: { ms?: number | undefined }): Promise<void>;
  /** Requests that have arrived at each part, answered or not. */
  requests(): Record<GooglePart, number>;
  /** The file that `gcloud auth application-default login` writes. */
  authorizedUser(): Record<string, string>;
  /** The key file of the service account. */
  serviceAccountKey(): Promise<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts all parts, each on a port of its own. */
export async function startGoogle(): Promise<FakeGoogle> {
  const [idTokens, accountKey] = await Promise.all([createIdTokens(), makeSigningKey()]);
  const accessTokens = createAccessTokens();
  const audience = (): readonly string[] => [tokenUrl, "https://oauth2.googleapis.com/token"];
  const notFound = { status: 404, body: "Not Found" };
  const [jwks, tokenInfo, metadata, token] = await Promise.all([
    startPart((_request, { pathname }) =>
      pathname === "/oauth2/v3/certs" ? idTokens.published() : notFound,
    ),
    startPart((request, url) => accessTokens.tell(request, url)),
    startPart(answerMetadata(accessTokens, idTokens)),
    startPart(answerToken({ accessTokens, idTokens, accountKey, audience })),
  ]);
  const parts = { jwks, tokenInfo, metadata, token };
  const tokenUrl = `http://${token.host}/token`;
  return {
    url: `http://${token.host}`,
    jwksUrl: `http://${jwks.host}/oauth2/v3/certs`,
    tokenInfoUrl: `http://${tokenInfo.host}/tokeninfo`,
    tokenUrl,
    metadataHost: metadata.host,
    mintIdToken: idTokens.mint,
    mintAccessToken: accessTokens.mint,
    rotateKeys: idTokens.rotate,
    setDown: (part, mode, options) => parts[part].setMode(mode, options),
    requests: () => ({
      jwks: jwks.requests(),
      tokenInfo: tokenInfo.requests(),
      metadata: metadata.requests(),
      token: token.requests(),
    }),
    authorizedUser: () => ({
      type: "authorized_user",
      client_id: gcloudClientId,
      client_secret: person.clientSecret,
      refresh_token: person.refreshToken,
    }),
    serviceAccountKey: async () => ({
      type: "service_account",
      project_id: project.id,
      private_key_id: accountKey.kid,
      private_key: await exportPKCS8(accountKey.privateKey),
      client_email: serviceAccount.email,
      client_id: serviceAccount.uniqueId,
      token_uri: tokenUrl,
    }),
    async close() {
      await Promise.all(Object.values(parts).map((part) => part.close()));
    },
  };
}
